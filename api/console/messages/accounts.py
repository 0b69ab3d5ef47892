"""What the pages of accounts say, and what permissions are called."""

from typing import Final

from recommender.domain.accounts import Permission

CREATED_PROGRAM: Final = "已建立程序账号 {login_name}。程序没有密码，请在下方为它建立访问令牌。"
SAVED: Final = "已保存账号 {login_name}。"
DISABLED: Final = "已停用账号 {login_name}，它的登录与令牌立即失效。"
ENABLED: Final = "已启用账号 {login_name}。"
REVOKED: Final = "已撤销访问令牌。"
PASSWORD_CHANGED: Final = "已修改密码，其他设备上的登录已结束。"
SESSION_ENDED: Final = "已结束那次登录。"
OTHERS_ENDED: Final = "已结束其他 {n} 次登录。"
NO_OTHERS: Final = "没有其他登录。"

LABELS: Final[dict[str, str]] = {"role": "角色", "state": "状态", "days": "有效天数"}
"""Of fields, as sentences name them."""
BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("360|QihooBrowser|QHBrowser", "360 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
"""What they call themselves, and what people call them. Each names those after it as well: the first one counts."""
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("OpenHarmony|HarmonyOS", "鸿蒙"),
    ("Linux", "Linux"),
)
UNKNOWN_BROWSER: Final = "其他程序"
ON_SYSTEM: Final = "{browser} · {system}"

PERMISSIONS: Final[dict[Permission, str]] = {
    Permission.ACCOUNT_OWN: "管理自己的账号",
    Permission.ACCOUNTS_MANAGE: "管理账号",
    Permission.AUDIT_READ: "查看审计记录",
    Permission.CASES_ANSWER: "代表企业答复推荐",
    Permission.CASES_READ: "查看对接",
    Permission.CASES_REVIEW: "审核推荐、推进对接",
    Permission.CONSENT_RECORD: "登记专家的意愿",
    Permission.FEEDBACK_EXPORT: "导出审核决定",
    Permission.FEEDBACK_JUDGE: "参加盲评",
    Permission.FIGURES_READ: "查看关键数据",
    Permission.LIBRARY_READ: "查看资源库",
    Permission.LIBRARY_WRITE: "导入与更正资源库",
    Permission.MATCH: "匹配",
    Permission.METRICS_READ: "查看运行状态与设置",
    Permission.NEEDS_READ: "查看需求",
    Permission.NEEDS_REVIEW: "审核需求",
    Permission.NEEDS_WRITE: "填写与提交需求",
    Permission.PERSONS_MANAGE: "办理个人信息的查阅、删除与异议",
    Permission.REVEAL: "写明用途后查看完整信息",
    Permission.RUNS_MANAGE: "发布与回退批次",
    Permission.RUNS_READ: "查看批次",
}
