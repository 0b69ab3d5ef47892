"""zh-CN sentences of serving."""

from typing import Final

OPTION_HOST: Final = "监听的地址，默认取设置 MATCHMAKER_HOST"
OPTION_PORT: Final = "监听的端口，默认取设置 MATCHMAKER_PORT"
OPTION_WORKERS: Final = "进程数，默认取自设置 MATCHMAKER_WORKERS。多于一个时，被终止的进程会自动补上"
SERVE_NOTE: Final = "服务地址 http://{host}:{port} ，接口文档 http://{host}:{port}/docs 。按 Ctrl+C 停止。"
SERVE_NO_ACCOUNTS: Final = (
    "还没有账号，谁都无法登录。请另开一个窗口运行：matchmaker accounts add admin --role admin"
)
SERVE_NO_SOCKET: Final = "无法在 {host}:{port} 上监听（{reason}）。请用 --port 换一个端口，或停止占用它的程序。"
SERVE_EXPOSED: Final = "注意：{host} 不是本机地址，而本服务自己不加密。请在前面放一个 HTTPS 反向代理，并把域名写入 MATCHMAKER_ALLOWED_HOSTS。"
