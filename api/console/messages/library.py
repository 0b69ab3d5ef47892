"""What the pages of the library say about what was done."""

from typing import Final

SAVED: Final = "已保存。重建索引后影响匹配，查找立即可见。"
UNCHANGED: Final = "内容没有变化，没有写入。"
REVEALED: Final = "已显示完整信息，到 {until} 为止。此次查看已记入审计。"
CONSENT_RECORDED: Final = "已登记：{scope}，{decision}。"
ERASED: Final = "已删除个人信息，证明编号 {id}。"
FINISHED: Final = "已再次检查，证明已更新。"
MERGED: Final = "已把“{absorbed}”并入“{survivor}”。"
MERGE_UNDONE: Final = "已撤销合并，“{absorbed}”恢复为单独的记录。"
REJECTED: Final = "已标为不是同一个，以后不再提示。"
REOPENED: Final = "已恢复为待定。"
PERSON_FILE: Final = "本人资料-{id}.{suffix}"
SCOPE: Final = "事项"
DECISION: Final = "意愿"
