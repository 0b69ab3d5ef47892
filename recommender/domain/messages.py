"""zh-CN sentences for the error codes of the product; each says what happened and what to do next."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "filter.malformed": "筛选条件“{expression}”的写法不对。请写成 名称=值，例如 区域=苏州。",
    "filter.unknown": "没有名为“{name}”的筛选条件。可以使用：{known}。",
    "filter.year": "年份起=“{value}”不是年份。请写四位数字，例如 年份起=2020。",
    "filter.not_for_kind": "筛选条件“{name}”不适用于{kind}。请去掉该条件，或换一种匹配对象。",
    "entity.not_found": "没有编号为“{id}”的{kind}。请核对编号，或先用 matchmaker import 导入。",
    "index.empty_library": "资源库是空的，没有可以索引的内容。请先运行 matchmaker import 导入企业、专家、平台、成果与需求。",
    "match.subject": "请用 --need、--text/--title、--achievement、--all 中的一种说明要匹配什么。",
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
    "store.cannot_open": "无法打开数据库文件 {place}。请确认它是文件，且当前用户可以读写该文件及其所在文件夹。",
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
    "import.kind_unknown": "没有“{kind}”这种文件。可选：{known}。",
    "import.file_not_found": "没有找到文件 {path}。请核对路径和文件名。",
    "import.file_is_folder": "{path} 是文件夹。请给出其中一个文件的路径。",
    "import.file_unreadable": "无法读取文件 {path}：{reason}。请核对权限，并关闭正在使用它的程序。",
    "import.file_empty": "文件 {name} 是空的，没有可导入的内容。请核对是否选对了文件。",
    "import.file_too_large": "文件 {name} 有 {size} MB，超过上限 {maximum} MB。请拆成几个文件分别导入。",
    "import.file_encrypted": "文件 {name} 设有密码，无法读取。请在 Excel 中取消密码后另存，再导入。",
    "import.file_is_xls": "文件 {name} 是旧版 Excel（.xls）或其他旧版 Office 格式。请在 Excel 或 WPS 中另存为 .xlsx 后再导入。",
    "import.file_is_markup": "文件 {name} 的内容是网页或 XML，不是表格。请用 Excel 打开后另存为 .xlsx，再导入。",
    "import.file_not_a_table": "文件 {name} 不是可以导入的表格。请使用 .xlsx，或 UTF-8、GB18030 编码的 CSV。",
    "import.encoding": "文件 {name} 第 {line} 行含有无法识别的字节，既不是完整的 UTF-8，也不是完整的 GB18030。"
    "请在 Excel 或 WPS 中另存为“CSV UTF-8”或 .xlsx 后再导入。",
    "import.csv_quotes": "文件 {name} 从第 {line} 行开始，双引号没有成对。请补全引号，或另存为 .xlsx 后再导入。",
    "import.workbook_broken": "文件 {name} 已损坏或不完整，无法作为工作簿读取。请用 Excel 打开并另存为 .xlsx，或重新获取文件。",
    "import.workbook_bomb": "文件 {name} 展开后大得异常（上限 {maximum} MB），没有读取。请核对来源，或另存为 CSV 后导入。",
    "import.workbook_empty": "工作簿 {name} 的各个工作表都没有内容。请核对是否选对了文件。",
    "import.sheet_not_found": "没有名为“{sheet}”的工作表。工作簿中有：{known}，请用 --sheet 指定其中一个。",
    "import.no_sheets": "文件 {name} 是文本文件，没有工作表。请去掉 --sheet。",
    "import.no_header": "文件 {name} 的前 {n_rows} 行都是空行，没有找到表头。请把表头放在前 {n_rows} 行内。",
    "import.no_rows": "文件 {name} 只有表头（第 {row} 行），没有数据行。请填入数据后再导入。",
    "import.columns_missing": "{label}文件缺少必需的列：{missing}。文件中的列：{found}。请补上该列，或改正表头。",
    "import.columns_of_other_kind": "{label}文件缺少必需的列：{missing}。文件中的列：{found}。"
    "看起来这是{other_label}文件，请改用 matchmaker import {other_kind}。",
    "import.columns_repeated": "{first}和{second}都表示“{column}”。请只保留其中一列。",
    "import.too_many_rows": "文件的数据超过 {maximum} 行。请拆成几个文件分别导入。",
}
