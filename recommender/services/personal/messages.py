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

CERTIFICATE_TITLE: Final = "个人信息删除证明"
CERTIFICATE_HEAD: Final = "证明编号：{id}\n删除时间（UTC）：{at}\n经办：{actor}\n依据：{reason}\n状态：{state}"
CERTIFICATE_LINES: Final = "删除或改为已删除标记的内容："
CERTIFICATE_LINE: Final = "  {part}：{n:,} 处"
CERTIFICATE_PENDING: Final = "，另有 {n:,} 处待下次重建索引后删除"
CERTIFICATE_CLEAN: Final = (
    "复查：在数据库各表、索引版本和运行文件中按编号、姓名与单位、联系方式查找，没有发现遗留。"
)
CERTIFICATE_FOUND: Final = "复查：以下位置仍有遗留："
CERTIFICATE_NEXT: Final = "尚未全部完成。请运行 matchmaker persons finish，或等下一个夜间批次自动完成。"
CERTIFICATE_HASH: Final = "内容校验（SHA-256）：{sha256}"
FINDING_SPACE: Final = "数据库文件的空闲空间（数据库正忙，尚未整理）"
FINDING_TABLE: Final = "数据库表 {name}"
FINDING_FILE: Final = "文件 {name}"

RETAINED: Final[dict[str, str]] = {
    "sessions": "过期的登录",
    "tokens": "过期的访问令牌",
    "sign_in_attempts": "登录失败的记录",
    "requests": "幂等请求的答复",
    "import_jobs": "网页导入的步骤记录",
    "reminders": "提醒",
    "reveals": "查看完整信息的记录",
    "processing": "处理活动记录",
    "objections": "已答复或撤回的异议",
    "audit": "审计记录",
    "former_content": "合并前的旧内容",
    "payloads": "夜间批次的中间结果",
}
"""What has a time after which it goes."""

PERSON_SECTIONS: Final[dict[str, str]] = {
    "record": "档案",
    "evidence": "成果署名",
    "states": "现在的意愿",
    "consents": "意愿记录",
    "reveals": "谁看过完整信息",
    "suggestions": "现在发布的推荐",
    "cases": "对接",
    "wishes": "企业的意向",
    "mentions": "其他记录",
}
PERSON_TITLE: Final = "个人信息副本"
PERSON_HEAD: Final = "编号：{id}　生成时间（UTC）：{at}"
PERSON_EMPTY: Final = "没有。"

INDEXED_CATEGORIES: Final = ("研究方向", "能解决的问题", "简介", "成果署名")
SUGGESTED_CATEGORIES: Final = ("研究方向", "成果署名", "意愿与容量")

CARRIED_BASIS: Final = "随重复档案合并"
KEYS_OK: Final = "{path} 可用，现在用的密钥是 {current}"
KEYS_NONE: Final = "还没有密钥文件，也没有加密的联系方式。"
