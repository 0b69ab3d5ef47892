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
