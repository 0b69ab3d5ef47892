"""zh-CN sentences of setting up and looking after the system."""

from typing import Final

INIT_DONE: Final = "数据库已就绪（结构版本 {revision}）。\n接下来：matchmaker import experts 文件.xlsx，或运行 make demo 看样例。"
CHECK_LABELS: Final[dict[str, str]] = {
    "schema": "数据库",
    "index": "索引",
    "encoder": "编码模型",
    "var_dir": "运行目录",
    "keys": "联系方式的密钥",
}
DOCTOR_OK: Final = "一切就绪。"
DOCTOR_NOT_OK: Final = "有未就绪的项目，请按上面的说明处理。"
VAR_DIR_OK: Final = "{path} 可写"
VAR_DIR_BAD: Final = "{path} 不可写。请检查权限，或用 MATCHMAKER_VAR_DIR 指定其他目录。"
CHECK_HEADERS: Final = ("检查", "结果", "说明")
SETTING_HEADERS: Final = ("设置", "现在的值", "说明")
YES: Final = "正常"
NO: Final = "未就绪"
NOT_SHOWN: Final = "（不显示，可能含密码）"
