"""Lists over HTTP: the parameters that ask for a page, and what a page looks like."""

from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from recommender.domain.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, PageRequest

T = TypeVar("T")

_MAX_CURSOR: Final = 2000

_Limit = Annotated[
    int,
    Query(title="条数", description="这一页最多几条", ge=1, le=MAX_PAGE_SIZE, examples=[DEFAULT_PAGE_SIZE]),
]
_Cursor = Annotated[
    str,
    Query(
        title="翻页标记",
        description="上一页答复中的 next_cursor，原样填写；不填为第一页。换排序方式后须从第一页开始",
        pattern="^[A-Za-z0-9_=-]*$",
        max_length=_MAX_CURSOR,
    ),
]


class PageOut(BaseModel, Generic[T]):
    """A part of a list.

    Build it as ``PageOut[NeedOut](items=[...], next_cursor=page.next_cursor)``.
    """

    model_config = ConfigDict(title="一页", json_schema_extra={"description": "列表的一部分，以及怎样取下一页。"})

    items: list[T] = Field(title="本页内容", description="按所要求的顺序")
    next_cursor: str = Field(
        title="下一页标记", description="取下一页时作为 cursor 参数；空文本表示已到最后", examples=[""]
    )


def paged(*orders: str) -> Any:
    """A dependency that gives the :class:`PageRequest` of a list.

    Use as ``page: Annotated[PageRequest, paged("created_at", "title")]``; the operation answers 422 for an order
    that is not named here.

    Args:
        orders: what the list can be sorted by, the usual order first. Each can be turned round with ``-``.
    """
    choices = [*orders, *(f"-{order}" for order in orders)]
    description = f"排序方式，不填为 {orders[0]}。可选：{'、'.join(choices)}（前面加 - 为倒序）"

    async def page(
        limit: _Limit = DEFAULT_PAGE_SIZE,
        cursor: _Cursor = "",
        sort: Annotated[
            str,
            Query(
                title="排序",
                description=description,
                examples=[orders[0]],
                json_schema_extra={"enum": ["", *choices]},
            ),
        ] = "",
    ) -> PageRequest:
        request = PageRequest(limit=limit, cursor=cursor, sort=sort)
        request.order(orders)
        return request

    return Depends(page)
