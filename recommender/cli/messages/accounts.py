"""zh-CN sentences of accounts and tokens."""

from typing import Final

ROLES: Final = "enterprise 企业、officer 审核员、admin 管理员、service 程序"
ACCOUNTS_HELP: Final = (
    "账号：建立、查看、停用、重置密码、改变负责范围，以及程序用的访问令牌。密码从键盘或标准输入读取。"
)
ACCOUNTS_ADD_HELP: Final = (
    "建立一个账号。审核员须用 --town、--chain 或 --city 写明负责的范围，企业须用 --enterprise 写明所属企业。"
    "密码从键盘输入（不显示），或由管道给出第一行；--generate 则自动生成并显示一次。"
)
ACCOUNTS_LIST_HELP: Final = "列出全部账号。"
ACCOUNTS_DISABLE_HELP: Final = "停用一个账号：立即结束它的登录，不再接受它的令牌。"
ACCOUNTS_ENABLE_HELP: Final = "恢复停用的账号。"
ACCOUNTS_PASSWORD_HELP: Final = (
    "重置一个账号的密码，它的登录立即结束，访问令牌全部撤销。密码从键盘或标准输入读取，--generate 则自动生成。"
)
ACCOUNTS_REACH_HELP: Final = "改变审核员或程序账号负责的范围；写出的就是新的全部范围。"
TOKENS_HELP: Final = "程序用的访问令牌：建立、查看、撤销。"
TOKENS_ADD_HELP: Final = (
    "为一个程序账号建立访问令牌（人员的令牌由本人登录后建立）。令牌内容只显示这一次，并且是标准输出的唯一内容。"
)
TOKENS_LIST_HELP: Final = "列出一个账号的访问令牌，含已撤销与过期的。"
TOKENS_REVOKE_HELP: Final = "撤销一个访问令牌，立即生效。"
ARGUMENT_LOGIN: Final = "登录名"
ARGUMENT_TOKEN: Final = "令牌编号，见 matchmaker accounts tokens list"
OPTION_ROLE: Final = f"角色：{ROLES}"
OPTION_ROLE_FILTER: Final = f"只看这个角色：{ROLES}"
OPTION_DISPLAY_NAME: Final = "姓名或名称，默认与登录名相同"
OPTION_TOWN: Final = "负责的区镇；可重复"
OPTION_CHAIN: Final = "负责的产业链；可重复"
OPTION_CITY: Final = "负责全市"
OPTION_GENERATE: Final = "自动生成密码并显示一次，首次登录后须修改"
OPTION_ACCOUNT_TEXT: Final = "登录名或姓名包含的文字"
OPTION_TOKEN_NAME: Final = "令牌的用途，例如 夜间报表"
OPTION_TOKEN_SCOPE: Final = "令牌能用的一项权限，例如 match、needs.read；可重复"
OPTION_TOKEN_DAYS: Final = "多少天后失效"
ASK_PASSWORD: Final = "密码（至少 12 个字符，输入时不显示）"
ASK_PASSWORD_AGAIN: Final = "再输入一次"
ACCOUNT_CREATED: Final = "账号 {login_name} 已建立，范围：{reach}。"
ACCOUNT_SERVICE_NEXT: Final = (
    "程序账号没有密码。接下来：matchmaker accounts tokens add {login_name} --name 用途 --scope match"
)
ACCOUNT_DISABLED: Final = "账号 {login_name} 已停用，它的登录已全部结束。"
ACCOUNT_ENABLED: Final = "账号 {login_name} 已启用。"
PASSWORD_RESET: Final = "账号 {login_name} 的密码已重置，它的登录与访问令牌已全部失效。"
REACH_CHANGED: Final = "账号 {login_name} 现在负责：{reach}。"
FIRST_PASSWORD: Final = "初始密码：{password}\n只显示这一次，请用可靠的方式交给本人；首次登录后须修改。"
NO_ACCOUNTS: Final = "没有这样的账号。请用 matchmaker accounts add 建立。"
ACCOUNT_HEADERS: Final = ("登录名", "姓名", "角色", "范围", "状态", "最近登录")
NO_TOKENS: Final = "这个账号没有访问令牌。请用 matchmaker accounts tokens add 建立。"
TOKEN_HEADERS: Final = ("编号", "名称", "权限", "状态", "最近使用")
TOKEN_UNTIL: Final = "有效至 {at}"
TOKEN_ENDED: Final = "{at} 撤销"
TOKEN_CREATED: Final = "令牌 {id} 已建立，有效至 {until}。令牌内容只显示这一次，请立即保存："
TOKEN_REVOKED: Final = "令牌 {id} 已撤销。"
