"""Writes of the catalogue (DL-01); 1C overwrites what it brings by its external ids."""

from __future__ import annotations

from typing import NotRequired, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.names import sort_key
from deals import permissions
from deals.models import Product, ProductGroup


class ProductValues(TypedDict):
    """What is written down about a product."""

    sku: str
    name: str
    unit: str
    group: ProductGroup | None
    vat_kind: str
    is_socially_important: NotRequired[bool]


def create_product(*, by: User, **values: Unpack[ProductValues]) -> Product:
    """Add a product; its article exists once."""
    _allow(by)
    return _saved(Product(), "product.created", by, values)


@transaction.atomic
def edit_product(
    product_id: int, *, by: User, version: int, **values: Unpack[ProductValues]
) -> Product:
    """Change a product; StaleVersion when somebody was faster."""
    _allow(by)
    product = _locked(product_id, by, version)
    product.version += 1
    return _saved(product, "product.edited", by, values)


@transaction.atomic
def archive_product(product_id: int, *, by: User, version: int, archived: bool) -> Product:
    """Sell a product no more, or again."""
    _allow(by)
    product = _locked(product_id, by, version)
    product.archived_at = timezone.now() if archived else None
    product.version += 1
    with verb("product.archived" if archived else "product.restored", by=by):
        product.save(update_fields=["archived_at", "version"])
    return product


def _saved(product: Product, name: str, by: User, values: ProductValues) -> Product:
    for field, value in values.items():
        setattr(product, field, value)
    product.sort_key = sort_key(product.name)
    try:
        with transaction.atomic(), verb(name, by=by):
            product.save()
    except IntegrityError as clash:
        if "sku" not in str(clash):
            raise
        raise RuleViolation(_("This article exists already."), field="sku") from clash
    return product


def _allow(by: User) -> None:
    if not permissions.can_edit_catalogue(by):
        raise PermissionDenied


def _locked(product_id: int, by: User, version: int) -> Product:
    rows = Product.objects.visible_to(by).select_for_update(of=("self",))
    product: Product = rows.get(pk=product_id)
    if product.version != version:
        raise StaleVersion(of=product)
    return product
