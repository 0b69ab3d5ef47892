"""What every page of the console says around its content."""

from typing import Final

PRODUCT: Final = "双面绣"
PRODUCT_LINE: Final = "企业需求与专家、创新平台、成果的对接"

ERROR_TITLES: Final[dict[int, str]] = {
    400: "没有读懂这次提交",
    403: "没有权限",
    404: "没有找到",
    405: "不能这样打开",
    408: "提交没有发完",
    409: "内容刚刚有变化",
    412: "内容刚刚有变化",
    413: "提交的内容过大",
    421: "访问地址不对",
    422: "有内容需要核对",
    429: "操作过于频繁",
    500: "出了意外",
    503: "暂时无法处理",
}
ERROR_TITLE: Final = "暂时无法完成"
NO_SUCH_PAGE: Final = "没有这个页面。请核对地址，或从上方的导航进入。"
WRONG_METHOD: Final = "这个地址不能直接打开。请返回上一页，用页面上的按钮操作。"
SIGN_IN_AGAIN: Final = "登录已失效，刚才的操作没有执行。请重新登录后再做一次。"
CHANGE_PASSWORD_FIRST: Final = "首次登录请先修改密码。"
