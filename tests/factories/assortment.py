"""Assortment matrices: `matrix(by, {tea: True, coffee: False}, channel="Сети")`."""

from uuid import uuid4

from deals.actions.assortment import MatrixHead, MatrixLine, create_matrix


def lines(goods):
    """Products with whether they are obligatory."""
    return [MatrixLine(product, must) for product, must in goods.items()]


def matrix(by, goods, *, channel="", category="", key=None):
    """A matrix written by marketing."""
    head = MatrixHead(channel, category)
    return create_matrix(by=by, head=head, lines=lines(goods), key=key or uuid4())
