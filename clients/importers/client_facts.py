"""Cells of a row of clients as checked values (D.1, D.2, D.12.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

from clients.models import Client, ClientCategory, ClientKind, ClientStatus
from crm import money, requisites
from crm.imports import synonyms, values
from crm.names import search_key
from crm.said import gettext as _
from crm.said import joined, label

TEXTS = {"channel": 100, "territory": 200, "website": 200, "address": 500, "source": 100}
LEGAL_TEXTS = {"full_name": 500, "legal_address": 500}
MOST_TAGS, LONGEST_TAG = 15, 50
MOST_MONEY = Decimal("9999999999999.99")
_TAGS = re.compile(r"[,;]")


@dataclass
class Facts:
    """What one row says about a client."""

    client: dict[str, Any]
    legal: dict[str, str]
    account: dict[str, str]
    person: dict[str, str]
    external_id: str = ""
    manager: str = ""
    unit: str = ""
    category: str = ""
    parent: str = ""
    remarks: list[str] = field(default_factory=list)  # warnings for the person who imports

    @property
    def inn_kpp(self) -> tuple[str, str] | None:
        """The key of the legal side."""
        return (self.legal["inn"], self.legal.get("kpp", "")) if self.legal.get("inn") else None


def read_facts(row: dict[str, str]) -> Facts:
    """Check every cell; raises ValidationError with all that is wrong with the codes."""
    remarks: list[str] = []
    legal = _legal(row)
    client = _client(row, legal, remarks)
    external_id = values.text(row.get("external_id", ""), 100)
    return Facts(
        client=client,
        legal=legal,
        account=_account(row),
        person=_person(row, remarks),
        external_id=external_id or ("" if legal.get("inn") else client["name"][:100]),
        manager=row.get("manager", ""),
        unit=row.get("unit", ""),
        category=_category(row),
        parent=row.get("parent", ""),
        remarks=remarks,
    )


def _legal(row: dict[str, str]) -> dict[str, str]:
    inn, kpp = row.get("inn", ""), row.get("kpp", "")
    if not inn and "inn_kpp" in row:
        inn, _slash, kpp = (part.strip() for part in row["inn_kpp"].partition("/"))
    found = {name: values.text(row[name], n) for name, n in LEGAL_TEXTS.items() if name in row}
    checks = (
        ("inn", inn, requisites.repair_inn, requisites.clean_inn),
        ("kpp", kpp, requisites.repair_kpp, requisites.clean_kpp),
        ("ogrn", row.get("ogrn", ""), str, requisites.clean_any_ogrn),
    )
    wrong: list[str] = []
    for name, text, repair, clean in checks:
        if text:
            try:
                found[name] = clean(repair(text))
            except ValidationError as error:
                wrong.append(values.reason(error))
    if wrong:
        raise ValidationError(joined(" ", wrong))
    if found.get("kpp") and not found.get("inn"):
        raise ValidationError(_("A KPP needs the INN beside it."))
    requisites.validate_inn_with_kpp(found.get("inn", ""), found.get("kpp", ""))
    return found


def _account(row: dict[str, str]) -> dict[str, str]:
    """The bank account; both it and the BIC, or neither."""
    account, bic = row.get("account", ""), requisites.repair_bic(row.get("bic", ""))
    if not account:
        return {}
    if not bic:
        raise ValidationError(_("An account needs the BIC beside it."))
    found = {"bic": requisites.clean_bic(bic), "account": requisites.clean_account(account, bic)}
    if "corr_account" in row:
        corr = requisites.clean_correspondent_account(row["corr_account"], bic)
        found["corr_account"] = corr
    if "bank" in row:
        found["bank_name"] = values.text(row["bank"], 255)
    return found


def _client(row: dict[str, str], legal: dict[str, str], remarks: list[str]) -> dict[str, Any]:
    name = values.text(row.get("name", ""), 255) or legal.get("full_name", "")[:255]
    if not search_key(name):
        raise ValidationError(_("The row has no name."))
    found: dict[str, Any] = {"name": name, "kind": _kind(row, legal)}
    for field_name, longest in TEXTS.items():
        if field_name in row:
            found[field_name] = values.text(row[field_name], longest)
    if "potential_monthly" in row:
        found["potential_monthly"] = min(values.amount(row["potential_monthly"]), MOST_MONEY)
    if "status" in row:
        found["status"] = _status(row["status"])
    if "tags" in row:
        found["tags"] = _tags(row["tags"])
    left = _reached(row, found, "", remarks)
    found["specifics"] = _specifics(row, left)
    return {key: value for key, value in found.items() if value not in ("", [])}


def _kind(row: dict[str, str], legal: dict[str, str]) -> str:
    if "kind" in row:
        labels = {str(value): str(label) for value, label in ClientKind.choices}
        return values.choice(row["kind"], synonyms.CLIENT_KINDS, labels)
    return ClientKind.ENTREPRENEUR if len(legal.get("inn", "")) == 12 else ClientKind.LEGAL


def _status(cell: str) -> str:
    labels = {str(value): str(label) for value, label in ClientStatus.choices}
    status = values.choice(cell, synonyms.CLIENT_STATUSES, labels)
    if status not in {ClientStatus.PROSPECT, ClientStatus.CLIENT}:
        raise ValidationError(_("The status “%(status)s” is decided elsewhere.") % {"status": cell})
    return status


def _category(row: dict[str, str]) -> str:
    letter = row.get("category", "").upper().translate(synonyms.LATIN_LOOKALIKES)
    if letter and letter not in ClientCategory.values:
        raise ValidationError(_("There is no category “%(letter)s”.") % {"letter": letter[:20]})
    return letter


def _tags(cell: str) -> list[str]:
    tags: dict[str, str] = {}
    for part in _TAGS.split(cell):
        if tag := values.text(part.strip(), LONGEST_TAG):
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())[:MOST_TAGS]


def _person(row: dict[str, str], remarks: list[str]) -> dict[str, str]:
    if "person" not in row:
        return {}
    found: dict[str, Any] = {"full_name": values.text(row["person"], 200)}
    if not search_key(found["full_name"]):
        return {}
    if "person_position" in row:
        found["position"] = values.text(row["person_position"], 200)
    if left := _reached(row, found, "person_", remarks):
        with override(settings.LANGUAGE_CODE):
            found["specifics"] = _("Also: %(list)s") % {"list": ", ".join(left)}
    return found


def _reached(
    row: dict[str, str], found: dict[str, Any], prefix: str, remarks: list[str]
) -> list[str]:
    """Phone and e-mail in their stored form; what is left over, for the notes."""
    left: list[str] = []
    for name, read in (("phone", values.phone_numbers), ("email", values.emails)):
        cell = row.get(prefix + name, "")
        if cell:
            value, others = read(cell)
            found[name] = value.lower()
            left += others
            if not value:
                text = _("“%(text)s” is no %(what)s and goes to the notes.")
                what = label(Client._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                remarks.append(text % {"text": cell[:60], "what": what})
    return left


def _specifics(row: dict[str, str], left: list[str]) -> str:
    """The comment and what has no field of its own, a line for each, in the company's language."""
    lines = [values.text(row["specifics"], 4000, lines=True)] if "specifics" in row else []
    with override(settings.LANGUAGE_CODE):
        labels = {"founded": _("Founded"), "revenue": _("Revenue"), "employees": _("Employees")}
        lines += [f"{what}: {_figure(row[name])}" for name, what in labels.items() if name in row]
        if left:
            lines.append(_("Also: %(list)s") % {"list": ", ".join(left)})
    return values.text("\n".join(lines), 5000, lines=True)


def _figure(cell: str) -> str:
    """A figure with a fraction as amounts are written here; anything else as it stands."""
    if not re.fullmatch(r"[0-9]{1,13}[.,][0-9]{1,2}", cell):
        return cell
    return money.format_money(money.parse_money(cell), symbol=False)
