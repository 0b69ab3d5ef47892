"""zh-CN sentences of the services around personal data."""

from typing import Final

from recommender.domain.personal import Activity

DEFAULT_PURPOSES: Final[dict[Activity, str]] = {
    Activity.IMPORT: "维护资源库",
    Activity.INDEX: "为供需匹配建立索引",
    Activity.MATCH_RUN: "为企业需求推荐专家与平台",
    Activity.EXPORT: "维护与核对名单（已遮盖）",
    Activity.RETENTION: "到期数据的清理",
}
"""Why something is done that nobody gave a reason for."""

FIELD_LABELS: Final[dict[str, str]] = {
    "name": "姓名",
    "phone": "手机",
    "email": "邮箱",
    "source_url": "来源网址",
    "director": "负责人",
    "intended_experts": "意向专家",
}
"""What personal data are called in the processing log."""

CASE_LABEL: Final = "对接"
