"""zh-CN texts of the HTTP API: its documentation, its error titles and its validation sentences."""

from typing import Final

API_TITLE: Final = "双面绣 接口"
API_SUMMARY: Final = "为企业需求匹配专家、创新平台与成果，并说明理由；也为成果匹配可能用得上的企业与需求。"
API_DESCRIPTION: Final = """\
**登录与权限**　程序在请求头 `Authorization: Bearer smx_…` 中给出访问令牌；浏览器用 `POST /v1/session` 登录，
此后由 Cookie 认出，凡是修改内容的请求还须在请求头 `X-CSRF-Token` 中带上登录时得到的防伪标记。
每个接口所需的权限见 `x-permission`；没有权限为 403，不属于自己范围的企业与需求一律按不存在处理（404）。
账号由管理员用 `matchmaker accounts add` 或 `POST /v1/accounts` 建立。

**个人信息**　只返回公开渠道的专家姓名、单位与专业信息，不含任何联系方式；已撤回同意的专家不会出现。

**得分**　每个结果的 `score` 在 0 到 1 之间，越大越合适，是各项因素按权重的平均；`parts` 逐项列出。
得分只用于同一次匹配内排序，不是概率，也不宜在不同需求之间比较。

**标记**　`title_marks`、`text_marks`、`sentence` 是半开区间 `[起, 止)`，按 Unicode 字符计数，从 0 开始；
JavaScript 等按 UTF-16 计数的语言请先用 `Array.from(文本)` 拆成字符。

**错误**　出错时返回 `application/problem+json`（RFC 9457）：
`detail` 是可以直接给用户看的中文，`code` 供程序判断。
每个响应都带 `X-Request-ID`，反馈问题时请附上。
"""

DOCS_NO_SCRIPT: Final = "此页需要 JavaScript。接口说明的原文见"

SECURITY_BEARER: Final = "程序用的访问令牌，以 smx_ 开头，由 POST /v1/me/tokens 或管理员建立。"
SECURITY_SESSION: Final = "浏览器的登录会话，由 POST /v1/session 建立；脚本读不到它。"
SECURITY_CSRF: Final = "防伪标记，登录与 GET /v1/me 的答复中都有；用登录会话修改内容时必填。"

TAG_MATCH: Final = "匹配"
TAG_LIBRARY: Final = "资源库"
TAG_STATE: Final = "运行状态"
TAG_ACCOUNTS: Final = "登录与账号"
TAG_RUNS: Final = "批次与推荐"
TAG_INTAKE: Final = "需求体检"
TAG_NEEDS: Final = "需求"
TAG_CASES: Final = "对接"
TAG_FIGURES: Final = "关键数据"
TAG_JUDGING: Final = "盲评"
TAG_PERSONAL: Final = "个人信息"
TAGS: Final[dict[str, str]] = {
    TAG_MATCH: "输入需求或成果，得到排好序、带理由和依据的结果。",
    TAG_LIBRARY: "按编号查看企业、需求、专家、创新平台、成果。",
    TAG_JUDGING: "把几个系统的候选混在一起，由人逐项评判，用来公平地比较系统。",
    TAG_INTAKE: "把需求写清楚：完整度与追问、技术指标、相近的需求、公开摘要。",
    TAG_RUNS: "夜间批次的状态与发布，以及批次给出的推荐。",
    TAG_NEEDS: "需求的填写、审核、发布与关闭，每一步都有记录。",
    TAG_CASES: "从推荐到签约、结题与评价：审核、认领、决定、撤销、答复与提醒。",
    TAG_FIGURES: "推荐、签约、金额、带动倍数与各步用时。",
    TAG_ACCOUNTS: "登录、自己的密码与访问令牌，以及管理员对账号的管理。",
    TAG_PERSONAL: "意愿登记、凭用途查看完整信息、对接的联系方式、个人信息的副本与删除、审计与处理活动记录。",
    TAG_STATE: "供监控程序使用。",
}

STATUS_TITLES: Final[dict[int, str]] = {
    400: "请求正文无法解析",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方法",
    408: "请求没有发完",
    409: "与当前状态冲突",
    412: "版本已经改变",
    413: "请求正文过大",
    415: "请求正文的类型不对",
    421: "访问地址不对",
    422: "请求内容不符合要求",
    428: "须说明要修改的版本",
    429: "请求过于频繁",
    500: "服务内部错误",
    503: "暂时无法处理",
}
OTHER_STATUS_TITLE: Final = "请求未完成"

STATUS_MEANINGS: Final[dict[int, str]] = {
    400: "请求正文不是有效的 JSON。",
    401: "没有登录，登录已过期，或令牌无效。",
    403: "当前账号没有所需的权限；`detail` 写明是哪一项。",
    404: "没有这个编号的记录，或当前账号看不到它。",
    409: "与当前状态冲突：这一步不允许、版本不符，或同一幂等键的请求仍在处理。",
    408: "请求正文没有在规定的时间内发完。",
    412: "请求头 If-Match 所说的版本已不是当前版本。请重新读取后再改。",
    413: "请求正文超过服务设置的上限。",
    415: "请求头 Content-Type 不是 application/json。",
    422: "请求的内容不符合要求；`errors` 逐项说明是哪个字段、为什么。",
    428: "缺少请求头 If-Match。请填写读取时所得的 ETag。",
    429: "请求过于频繁；响应头 Retry-After 是可以重试前须等待的秒数。",
    500: "服务内部错误；请附上 `request_id` 联系管理员。",
    503: "数据库或索引尚未就绪，或服务正忙；`detail` 说明怎么办，响应头 Retry-After 是须等待的秒数。",
}
"""What an error response means, for the documentation."""

STATUS_EXAMPLES: Final[dict[int, tuple[str, str]]] = {
    400: ("request.body_invalid", "请求正文不是有效的 JSON。请检查后重试。"),
    401: ("account.not_signed_in", "请先登录，或在请求头 Authorization 中提供令牌。"),
    403: (
        "account.not_allowed",
        "当前账号不能做这件事（需要权限 needs.review）。请换用有此权限的账号，或联系管理员。",
    ),
    404: ("entity.not_found", "没有编号为“XQ-9”的需求。请核对编号。"),
    408: ("request.body_slow", "请求正文没有在规定的时间内发完。请检查网络后重试。"),
    409: ("case.version", "这条记录刚刚被别人改过。请重新读取后再决定。"),
    412: ("version.outdated", "内容已被别人改过（当前为第 4 版）。请重新读取，确认后再提交。"),
    413: ("request.too_large", "请求正文超过上限 1000000 字节。请只发送主要难点与指标。"),
    415: ("request.content_type", "请求正文须为 JSON。请把请求头 Content-Type 设为 application/json。"),
    422: ("match.k_range", "返回条数 k=0 超出范围。请填 1 到 1000 之间的整数。"),
    428: ("version.missing", "请在请求头 If-Match 中填写读取时所得的 ETag，以免覆盖别人的修改。"),
    429: ("request.too_many", "请求过于频繁。请在 3 秒后重试。"),
    500: ("internal", "服务内部出现意外错误。请稍后重试；若再次出现，请附上请求编号联系管理员。"),
    503: ("snapshot.none", "还没有可用的索引版本。请先运行 matchmaker index build。"),
}
"""Code and sentence of one such error response, for the documentation."""

PAGE_OF: Final = "一页{title}"
TITLE_IN: Final = "{title}（填写）"
IDEMPOTENCY_KEY: Final = (
    "幂等键：每个新请求取一个随机的 UUID，网络中断后用同一个键、同样的内容重发，不会做两次，得到原来的答复"
    "（响应头 Idempotency-Replayed: true）。保留 24 小时；同一个键用于不同内容时答复 422"
)
NOT_MODIFIED: Final = "与请求头 If-None-Match 所说的版本相同，不带正文。"

DETAIL_BODY_INVALID: Final = (
    "请求正文不是有效的 JSON（须为 UTF-8 编码的 JSON 文本，数字不得过长，嵌套不得过深）。请检查后重试。"
)
DETAIL_CONTENT_TYPE: Final = "请求正文须为 JSON。请把请求头 Content-Type 设为 application/json。"
DETAIL_BODY_SLOW: Final = "请求正文没有在规定的时间内发完。请检查网络后重试。"
DETAIL_TOO_LARGE: Final = "请求正文超过上限 {maximum} 字节。请只发送主要难点与指标。"
DETAIL_INVALID: Final = "请求中有 {n} 处不符合要求：{first}"
DETAIL_NO_PATH: Final = "没有这个地址。可用的接口见 /docs。"
DETAIL_METHOD: Final = "这个地址不支持 {method}。可以使用：{allowed}。"
DETAIL_HOST: Final = "本服务不接受发往这个主机名的请求。请使用 http://127.0.0.1 或 http://localhost 访问；用其他域名访问时，请管理员把它写入设置 MATCHMAKER_ALLOWED_HOSTS。"
DETAIL_INTERNAL: Final = (
    "服务内部出现意外错误，资源库中的内容没有改变。"
    "请稍后重试；若再次出现，请附上请求编号 {request_id} 联系管理员。"
)
DETAIL_OTHER: Final = "请求未完成（HTTP {status}）。"

FIELD_ERRORS: Final[dict[str, str]] = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段，请核对拼写",
    "string_type": "应为文本",
    "string_unicode": "含有不完整的字符，请检查文本的编码",
    "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少要有 {min_length} 个字",
    "string_pattern_mismatch": "写法不对，请按说明填写",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "须大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "须小于 {lt}",
    "enum": "取值须为以下之一：{allowed}",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "date_type": "应为日期，写作 2026-01-31",
    "date_parsing": "应为日期，写作 2026-01-31",
    "date_from_datetime_parsing": "应为日期，写作 2026-01-31",
    "datetime_type": "应为时间，写作 2026-01-31T08:00:00Z",
    "datetime_parsing": "应为时间，写作 2026-01-31T08:00:00Z",
    "datetime_from_date_parsing": "应为时间，写作 2026-01-31T08:00:00Z",
    "timezone_aware": "须写明时区，例如 2026-01-31T08:00:00Z",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "应为整数，且不能过长",
    "int_from_float": "应为整数",
    "finite_number": "应为整数",
    "list_type": "应为列表，写在方括号中",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "literal_error": "取值须为以下之一：{allowed}",
    "model_attributes_type": "应为 JSON 对象，写在花括号中",
    "model_type": "应为 JSON 对象，写在花括号中",
    "dict_type": "应为 JSON 对象，写在花括号中",
}
"""Sentences by pydantic error type; the values in braces come from the error's context."""
FIELD_ERROR_OTHER: Final = "内容不符合要求"

WHOLE_BODY: Final = "请求正文"

CHECK_LABELS: Final[dict[str, str]] = {
    "settings": "设置",
    "schema": "数据库结构",
    "index": "索引",
    "startup": "启动",
}
CHECK_PASSED: Final = "正常"
CHECK_FAILED: Final[dict[str, str]] = {
    "settings": "设置或数据库有误。请在服务器上运行 matchmaker doctor 查看原因。",
    "schema": "数据库不可用，或结构不是最新。请在服务器上运行 matchmaker init，或用 matchmaker doctor 查看原因。",
    "index": "没有可用的索引。请在服务器上运行 matchmaker index build，或用 matchmaker doctor 查看原因。",
    "startup": "检查还没有完成：服务可能刚启动，正在打开索引与模型。请稍后再查。",
}
"""What those are told who may not know more."""
CHECK_UNFINISHED: Final = "检查未能在 {seconds} 秒内完成：服务可能刚启动，正在打开索引与模型。请稍后再查。"
NOT_READY: Final = "服务尚未就绪。{details}"
