"""zh-CN sentences for the error codes of the product; each says what happened and what to do next."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "filter.malformed": "筛选条件“{expression}”的写法不对。请写成 名称=值，例如 区域=苏州。",
    "filter.unknown": "没有名为“{name}”的筛选条件。可以使用：{known}。",
    "filter.year": "年份起=“{value}”不是年份。请写四位数字，例如 年份起=2020。",
    "filter.not_for_kind": "筛选条件“{name}”不适用于{kind}。请去掉该条件，或换一种匹配对象。",
    "entity.not_found": "没有编号为“{id}”的{kind}。请核对编号，或先用 matchmaker import 导入。",
    "index.empty_library": "资源库是空的，没有可以索引的内容。请先运行 matchmaker import 导入企业、专家、平台、成果与需求。",
    "match.k_range": "返回条数 k={k} 超出范围。请填 1 到 {maximum} 之间的整数。",
    "match.empty_need": "需求内容为空，无法匹配。请至少填写一句话，说明遇到的问题或想达到的指标。",
    "match.text_too_long": "需求文本有 {length} 个字，超过上限 {maximum} 个字。请保留主要难点与指标，其余作为附件说明。",
    "match.kind_unsupported": "{source}不能与{target}匹配。可选对象：{allowed}。",
    "match.kind_unknown": "没有“{kind}”这种匹配对象。可选：{allowed}。",
    "store.url_malformed": "数据库地址的写法不对。请把 MATCHMAKER_DATABASE_URL "
    "设为 sqlite:///文件路径 或 postgresql+psycopg://用户:密码@主机/库名。",
    "store.url_unsupported": "不支持类型为“{scheme}”的数据库地址。请把 MATCHMAKER_DATABASE_URL "
    "设为 sqlite:///文件路径 或 postgresql+psycopg://用户:密码@主机/库名。",
    "store.sqlite_version": "SQLite {version} 在多个连接同时写入时可能损坏数据。请执行 "
    "pip install pysqlite3，或换用 SQLite {minimum} 及以上版本。",
    "store.sqlite_wal": "数据库文件 {place} 无法使用 WAL 日志（当前为 {mode}）。"
    "请确认文件可写，且位于本机磁盘而不是网络共享目录。",
    "store.missing": "没有数据库文件 {place}。请先执行 matchmaker init，或核对 MATCHMAKER_DATABASE_URL。",
    "store.not_initialised": "数据库 {place} 尚未建表，或表的版本过旧。请执行 matchmaker init。",
    "store.schema_unknown": "数据库的版本 {revision} 比本程序新。请升级本程序后再试。",
    "store.cannot_open": "无法打开数据库文件 {place}。"
    "请确认它是文件，且当前用户可以读写该文件及其所在文件夹。",
    "store.not_writable": "无法写入数据库文件 {place}。请确认当前用户可以写入该文件及其所在文件夹。",
    "store.not_permitted": "数据库 {place} 不允许写入。请确认连接的是主库，且数据库用户有读写权限。",
    "store.not_a_database": "文件 {place} 不是数据库。"
    "请核对 MATCHMAKER_DATABASE_URL，或移走该文件后执行 matchmaker init。",
    "store.damaged": "数据库 {place} 的内容已损坏。请停止服务，用最近的备份恢复。",
    "store.full": "存放数据库 {place} 的磁盘已满。请腾出空间后重试，已提交的数据不受影响。",
    "store.disk": "读写数据库 {place} 时磁盘出错。请检查磁盘后重试。",
    "store.busy": "数据库 {place} 正被其他操作占用。请稍后重试；如果正在导入，请等导入完成。",
    "store.unreachable": "无法连接 PostgreSQL（{place}）：{reason}。"
    "请确认数据库已启动，并核对 MATCHMAKER_DATABASE_URL。",
    "store.encoding": "数据库的编码是 {encoding}，不能完整保存中文。请用 ENCODING 'UTF8' 重新建库。",
    "store.locale": "数据库的字符类型是 {locale}，不能识别中文。请用 LC_CTYPE 'C.UTF-8' 重新建库。",
    "store.bad_text": "{kind}“{id}”的 {field} 含有无法保存的字符（空字符或不完整的字符）。请删除后重试。",
    "store.bad_number": "{kind}“{id}”的 {field} 不是可以保存的数字。请核对后重试。",
    "store.bad_id": "{kind}的编号“{id}”为空或超过 {maximum} 个字。请核对编号。",
    "store.bad_pair": "成果编号“{id}”含有竖线“|”，无法登记它与平台的关系。请换一个编号。",
    "store.duplicate_author": "成果“{id}”的完成人中有重复的专家编号。请每人只填一次。",
    "store.dangling_reference": "{kind}“{id}”引用的{target_kind}“{target_id}”不存在。"
    "请先导入该{target_kind}，或更正编号。",
    "store.rejected": "数据不符合库中的约束 {constraint}，这一批没有写入。请核对取值范围和重复项。",
    "store.run_not_found": "没有编号为“{id}”的批次。它可能已被清理，请核对批次编号。",
}
