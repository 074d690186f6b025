"""Claims in figures: received and satisfied by every cut, faults by reason (CM-02).

Received are claims registered in the period, satisfied those decided in it as satisfied or
satisfied in part; a part counts one in number and its own sum (CLAIM-1, L456).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim, ClaimLine, ClaimReason, GuiltyParty
from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.money import percent
from deals.models import Product, ProductGroup
from reports import links
from reports.parameters import Period, month_end
from reports.registry import Params, Row

MONEY = DecimalField(max_digits=17, decimal_places=2)
ZERO = Value(0, output_field=MONEY)
NOTHING = Decimal("0.00")
SUMS = ("received", "received_amount", "satisfied", "satisfied_amount")
COUNTED = {"received", "satisfied"}
OUTSIDE = gettext_lazy("Goods outside the catalogue")
NO_GROUP = gettext_lazy("Without a group")


@dataclass(frozen=True)
class Cut:
    """What rows are put together by: the column, and the names with addresses of its values."""

    column: str
    named: Callable[[Iterable[Any], Params], dict[Any, dict[str, Any]]]
    by_line: bool = False


def claim_rows(user: User, params: Params) -> list[Row]:
    """Received and satisfied claims by the chosen cut, roubles with VAT."""
    return list(_rows(user, params, params["by"]))


def _rows(user: User, params: Params, by: str) -> Iterable[Row]:
    cut = CUTS[by]
    found = _grouped(user, params, cut)
    names = cut.named(found, params)
    made = [{**names[key], **values, **shares(values)} for key, values in found.items()]
    if by == "month":
        return sorted(made, key=lambda row: row["key"])
    return sorted(made, key=lambda row: (-row["received_amount"], str(row["name"])))


def _grouped(user: User, params: Params, cut: Cut) -> dict[Any, dict[str, Any]]:
    """Sums by the values of the cut: one query for what came, one for what was decided."""
    period: Period = params["period"]
    came = claims_of(user, params).received(period.first, period.last)
    decided = claims_of(user, params).decided(period.first, period.last).satisfied()
    found: dict[Any, dict[str, Any]] = defaultdict(_nothing)
    for rows, what, day in (
        (came, "received", "registered_on"),
        (decided, "satisfied", "decided_on"),
    ):
        for key, count, amount in _summed(rows, cut, what, day):
            found[key][what], found[key][f"{what}_amount"] = count, amount
    return dict(found)


def _nothing() -> dict[str, Any]:
    return {name: 0 if name in COUNTED else NOTHING for name in SUMS}


def _summed(rows: Any, cut: Cut, what: str, day: str) -> Iterable[tuple[Any, int, Decimal]]:
    if cut.by_line:
        return _by_line(rows, cut, what)
    column = "month" if cut.column == "month" else cut.column
    amount = "claimed_amount" if what == "received" else "satisfied_amount"
    rows = rows.order_by().annotate(month=TruncMonth(day)) if column == "month" else rows.order_by()
    return rows.values_list(column).annotate(count=Count("pk"), amount=Coalesce(Sum(amount), ZERO))


def _by_line(claims: Any, cut: Cut, what: str) -> Iterable[tuple[Any, int, Decimal]]:
    """By what the lines name; what was satisfied is shared among the lines by their amounts."""
    rows = ClaimLine.objects.filter(claim__in=claims).order_by()
    amount: Any = F("amount")
    if what == "satisfied":
        share = F("claim__satisfied_amount") / F("claim__claimed_amount")
        rows, amount = rows.filter(claim__claimed_amount__gt=0), F("amount") * share
    sums = rows.values_list(cut.column).annotate(
        count=Count("claim", distinct=True), amount=Coalesce(Sum(amount, output_field=MONEY), ZERO)
    )
    for key, count, total in sums:
        yield key, count, total.quantize(NOTHING)


def claims_of(user: User, params: Params) -> Any:
    """Claims that the person sees, narrowed as asked; the withdrawn ones are left out."""
    rows: Any = Claim.objects.in_sums_of(user).exclude(state="withdrawn")
    if kind := params.get("kind"):
        rows = rows.filter(kind=kind)
    if manager := params.get("manager"):
        rows = rows.filter(manager=manager)
    if unit := params.get("unit"):
        rows = rows.filter(org_unit__in=OrgUnit.objects.subtree_of([unit.pk]).values("pk"))
    return rows


def shares(row: Row) -> dict[str, Any]:
    """Satisfied as shares of what was received, by number and by sum."""
    return {
        "count_share": percent(Decimal(row["satisfied"]), Decimal(row["received"])),
        "amount_share": percent(row["satisfied_amount"], row["received_amount"]),
    }


def claim_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The whole; a claim with lines of several products counts once in it."""
    found = whole(user, params)
    return shares(found) | (found if CUTS[params["by"]].by_line else {})


def whole(user: User, params: Params) -> dict[str, Any]:
    """Received and satisfied of the period: two queries."""
    period: Period = params["period"]
    rows = claims_of(user, params)
    came = rows.received(period.first, period.last).aggregate(
        received=Count("pk"), received_amount=Coalesce(Sum("claimed_amount"), ZERO)
    )
    done = rows.decided(period.first, period.last).satisfied()
    given = done.aggregate(
        satisfied=Count("pk"), satisfied_amount=Coalesce(Sum("satisfied_amount"), ZERO)
    )
    return {**came, **given}


@dataclass(frozen=True)
class MatrixCell:
    """Claims of one reason by the fault of one party."""

    count: int = 0
    amount: Decimal = NOTHING


def fault_matrix(user: User, params: Params) -> dict[tuple[int, str], MatrixCell]:
    """Claims received in the period by reason and guilty party; nobody named yet is empty."""
    period: Period = params["period"]
    rows = claims_of(user, params).received(period.first, period.last).order_by()
    sums = rows.values_list("reason", "guilty_party").annotate(
        count=Count("pk"), amount=Coalesce(Sum("claimed_amount"), ZERO)
    )
    return {(reason, party): MatrixCell(count, amount) for reason, party, count, amount in sums}


def matrix_rows(user: User, params: Params) -> list[Row]:
    """The matrix as rows: reasons down, parties across, numbers of claims."""
    cells = fault_matrix(user, params)
    reasons = reason_names({reason for reason, _party in cells}, params)
    made = []
    for pk, name in reasons.items():
        of_reason = {party: cells.get((pk, party), MatrixCell()) for party in PARTIES}
        row: dict[str, Any] = {
            f"n_{party or 'unknown'}": one.count for party, one in of_reason.items()
        }
        amount = sum((one.amount for one in of_reason.values()), NOTHING)
        count = sum(one.count for one in of_reason.values())
        made.append({**name, **row, "received": count, "received_amount": amount})
    return sorted(made, key=lambda row: (-row["received"], str(row["name"])))


PARTIES = (*GuiltyParty.values, "")


# --- names --------------------------------------------------------------------------------------


def _registered(params: Params) -> dict[str, str]:
    period: Period = params["period"]
    return {
        "registered_from": period.first.isoformat(),
        "registered_to": period.last.isoformat(),
    }


def reason_names(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
    """Names of reasons with the claims behind them."""
    found = ClaimReason.objects.in_bulk([key for key in keys if key is not None])
    return {
        pk: {
            "key": pk,
            "name": str(one),
            "url": links.documents("claims:list", reason=pk, **_registered(params)),
        }
        for pk, one in found.items()
    }


def _party_names(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
    labels = dict(GuiltyParty.choices)
    return {
        key: {
            "key": key,
            "name": str(labels.get(key, _("Not established yet"))),
            "url": links.documents("claims:list", guilty_party=key, **_registered(params))
            if key
            else "",
        }
        for key in keys
    }


def manager_names(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
    found = User.objects.in_bulk([key for key in keys if key is not None])
    names: dict[Any, dict[str, Any]] = {None: {"key": None, "name": _("No manager"), "url": ""}}
    for pk, one in found.items():
        url = links.documents("claims:list", manager=pk, **_registered(params))
        names[pk] = {"key": pk, "name": one.short_name, "url": url}
    return names


def client_names(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
    found = Client.objects.only("pk", "name", "code").in_bulk(list(keys))
    return {
        pk: {"key": pk, "name": one.name, "code": one.code, "url": links.client_card(pk)}
        for pk, one in found.items()
    }


def plain_names(model: Any, nothing: Promise | str) -> Callable[[Iterable[Any], Params], Any]:
    def named(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
        found = model.objects.in_bulk([key for key in keys if key is not None])
        names: dict[Any, dict[str, Any]] = {None: {"key": None, "name": str(nothing)}}
        return names | {pk: {"key": pk, "name": str(one)} for pk, one in found.items()}

    return named


def _month_names(keys: Iterable[Any], params: Params) -> dict[Any, dict[str, Any]]:
    made = {}
    for month in keys:
        days = {"registered_from": month, "registered_to": month_end(month)}
        url = links.documents("claims:list", **days)
        made[month] = {"key": month, "name": f"{month:%m.%Y}", "url": url}
    return made


CUTS: dict[str, Cut] = {
    "reason": Cut("reason", reason_names),
    "guilty": Cut("guilty_party", _party_names),
    "manager": Cut("manager", manager_names),
    "client": Cut("client", client_names),
    "month": Cut("month", _month_names),
    "product": Cut("product", plain_names(Product, OUTSIDE), by_line=True),
    "group": Cut("product__group", plain_names(ProductGroup, NO_GROUP), by_line=True),
}
