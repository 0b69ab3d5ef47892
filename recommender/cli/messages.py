"""zh-CN sentences of the command line."""

from typing import Final

APP_HELP: Final = (
    "双面绣：为企业需求匹配专家、创新平台与成果，并说明理由；也为成果匹配可能用得上的企业。\n\n"
    "退出码：0 完成，1 数据有问题，2 命令写法有问题。所有设置见 matchmaker doctor。"
)
INIT_HELP: Final = "建立或升级数据库与运行目录。可以重复运行。"
IMPORT_HELP: Final = (
    "导入一类数据：matchmaker import KIND FILE（即 import apply KIND FILE）。"
    "KIND 为 enterprises（企业）、enterprise-facts（企业年度数据）、experts（专家）、platforms（创新平台）、achievements（成果）、"
    "achievement-platforms（成果与平台的对应）、needs（需求）；FILE 为 CSV 或 XLSX，表头用中文。"
    "默认只要有一行不合格就全部不写入。先用 import check 预览；导入后、重建索引前，可以用 import undo 撤销。"
    "各命令都可以加 --json。"
)
IMPORT_APPLY_HELP: Final = (
    "导入一个文件：全部写入，或全部不写入。写入的内容成为一个批次，重建索引前可以用 import undo 撤销。"
    "matchmaker import KIND FILE 与此相同。"
)
IMPORT_CHECK_HELP: Final = (
    "预览一个文件，不写入：找到的工作表、表头与各列的对应，新增、更新、未变、错误、疑似重复各多少，前 100 行将怎样保存，"
    "以及每一处错误。--annotated 另存一份带“错误说明”列的工作簿，可以发回给填表的人。"
)
IMPORT_UNDO_HELP: Final = (
    "撤销一个导入批次：移除当时新增的，恢复当时更新的，与导入前完全一样。不写 BATCH 则撤销最近的批次。"
    "已进入索引、后来又有改动或被其他内容引用的，不能撤销，会说明原因。"
)
IMPORT_LIST_HELP: Final = "列出最近的导入批次，以及各自能否撤销。"
EXPORT_HELP: Final = (
    "导出一类数据到 OUT（.xlsx 或 .csv），可以改好后再导入。KIND 同 import。默认遮盖手机、邮箱和同意记录，"
    "不含已撤回同意的专家和机密需求；--reveal 导出完整内容，须用 --purpose 写明用途。每次导出都有记录。"
)
TEMPLATE_HELP: Final = (
    "写出一类数据的导入模板（Excel）：表头、下拉选项、填写说明和每列的示例。KIND 同 import；"
    "不写 OUT 则写到当前目录，名为 专家导入模板.xlsx 之类。"
)
INDEX_HELP: Final = "索引版本：建立、查看、校验、切换。"
BUILD_HELP: Final = "按资源库现在的内容建立新的索引版本并启用。没有变化的文本不重新计算向量。"
LIST_HELP: Final = "列出全部索引版本。"
VERIFY_HELP: Final = "逐个文件校验一个索引版本，默认校验正在使用的版本。"
USE_HELP: Final = "切换到另一个索引版本（回退或前进），切换前先校验。"
MATCH_HELP: Final = (
    "为需求匹配专家、创新平台、成果（--need 或 --text），或为成果匹配企业与需求（--achievement）。"
    "加 --all 则匹配资源库中的全部需求并保存为一个批次。"
)
SERVE_HELP: Final = "启动 HTTP 服务。默认只监听本机；对外提供服务时，请在前面放一个 HTTPS 反向代理。"
DOCTOR_HELP: Final = "检查数据库、索引、模型与目录是否就绪，并列出全部设置。"
DEMO_HELP: Final = "导入样例数据、建立索引、匹配全部样例需求，并展示其中三条的结果。"
EVALUATE_HELP: Final = (
    "在测试集（BEIR 格式：queries.jsonl、corpus.jsonl、qrels/test.tsv）上度量匹配质量，并列出做得最差的需求。"
    "evaluate compare A B 比较两次结果的差异是否显著。"
)
EVALUATE_RUN_HELP: Final = "度量一个测试集。evaluate DATASET_DIR 即 evaluate run DATASET_DIR。"
SWEEP_HELP: Final = "逐个改变配置中的数值（其余不变），在测试集上度量，结果写成 JSON，供笔记本作图与选定默认值。"
COMPARE_HELP: Final = "比较两次结果：均值、差值与 95% 区间、配对随机化检验的 p 值、胜负条数。"

OPTION_JSON: Final = "以 JSON 输出，供程序读取"
OPTION_VALID_ONLY: Final = "只写入合格的行，其余列为错误"
OPTION_CHECK: Final = "只检查并预览，不写入，同 import check"
OPTION_MAP: Final = (
    "列的对应，写作“文件表头=字段表头”，等号右边留空表示不读取该列；可重复。写入后，表头相同的文件自动沿用"
)
OPTION_FORGET_MAPPING: Final = "忘掉为这种表头记住的列对应"
OPTION_ANNOTATED: Final = "把各行连同“错误说明”另存为这个 .xlsx 文件"
OPTION_ROWS: Final = "显示前几行"
OPTION_LIMIT: Final = "最多列出几个批次"
ARGUMENT_BATCH: Final = "批次编号，见 import list；默认最近的批次"
OPTION_COLUMNS: Final = "要导出的列，按此次序，如 姓名,单位；默认全部列"
OPTION_NAMES: Final = "导出完整的姓名（改好后再导入须有姓名一列），须同时写明 --purpose"
OPTION_REVEAL: Final = "导出完整的个人信息和机密需求，须同时写明 --purpose"
OPTION_PURPOSE: Final = "用途，记入操作记录，如 邀请专家参加对接会"
OPTION_FORCE: Final = "覆盖同名的文件"
OPTION_SHEET: Final = "工作表名称，默认取第一个有内容的表"
OPTION_NEED: Final = "需求编号"
OPTION_TEXT: Final = "需求描述（自由文本）"
OPTION_TITLE: Final = "需求名称（自由文本），可与 --text 同用"
OPTION_ACHIEVEMENT: Final = "成果编号"
OPTION_ALL: Final = "匹配全部需求并保存为一个批次"
OPTION_KIND: Final = "匹配对象：expert、platform、achievement，或（对成果）enterprise、need；可重复，默认全部"
OPTION_K: Final = "每类返回的条数"
OPTION_FILTER: Final = "筛选条件，如 区域=苏州；可重复，须同时满足"
OPTION_HOST: Final = "监听的地址，默认取设置 MATCHMAKER_HOST"
OPTION_PORT: Final = "监听的端口，默认取设置 MATCHMAKER_PORT"
OPTION_WORKERS: Final = "进程数，默认取自设置 MATCHMAKER_WORKERS。多于一个时，被终止的进程会自动补上"

INIT_DONE: Final = "数据库已就绪（结构版本 {revision}）。\n接下来：matchmaker import experts 文件.xlsx，或运行 make demo 看样例。"
TEMPLATE_WRITTEN: Final = "导入模板已写到 {file}。填好后先检查：matchmaker import check {kind} {file}"
UNKNOWN_COLUMNS: Final = "不认识的列，已忽略：{columns}"
IGNORED_COLUMNS: Final = "不导入的列（由系统统计，或指定不读取）：{columns}"
MORE_ROWS: Final = "……另有 {n} 处未列出"
AFTER_IMPORT: Final = "接下来：matchmaker index build，使匹配用上新的内容。"
BATCH_WRITTEN: Final = "导入批次 {batch}；重建索引前可以撤销：matchmaker import undo {batch}"
CHECKED_FILE: Final = "文件 {file}（{format}{encoding}{sheet}），表头在第 {row} 行。"
CHECKED_ENCODING: Final = "，{encoding} 编码"
CHECKED_SHEET: Final = "，工作表“{sheet}”"
SAME_HEADERS: Final = "表头一致的列：{columns}"
ABSENT_COLUMNS: Final = "文件中没有的列，保留库中原有内容：{columns}"
MAPPING_TITLE: Final = "按对应读取的列"
MAPPING_HEADERS: Final = ("文件表头", "读作", "依据")
PREVIEW_TITLE: Final = "前 {n} 行将这样保存"
PREVIEW_HEADERS: Final = ("行", "结果", "编号", "内容")
PREVIEW_CELL: Final = "{column}：{text}"
PREVIEW_SEPARATOR: Final = " ｜ "
SUSPECT_TITLE: Final = "疑似重复 {n} 条（不影响写入，请核对是否同一对象）"
SUSPECT_HEADERS: Final = ("行", "新记录", "可能与之相同", "理由")
ANNOTATED: Final = "带错误说明的工作簿已写入 {path}。改好后可以直接导入它。"
AFTER_CHECK: Final = "接下来：{command}"
FORGOTTEN: Final = "已忘掉为这种表头记住的列对应。"
NOTHING_FORGOTTEN: Final = "没有为这种表头记住的列对应。"
NO_BATCHES: Final = "还没有导入过文件。请运行 matchmaker import。"
BATCH_HEADERS: Final = ("批次", "来自", "新增", "更新", "撤销")
BATCH_ORIGIN: Final = "{label} {file}\n{at} {actor}"

BUILT: Final = (
    "索引版本 {generation} 已启用：{passages} 段文本，新算向量 {encoded}，沿用 {reused}，用时 {seconds:.1f} 秒。"
)
NO_GENERATIONS: Final = "还没有索引版本。请运行 matchmaker index build。"
VERIFIED: Final = "索引版本 {generation} 校验通过：{passages} 段文本，{size:.1f} MB。"
USED: Final = "现在使用索引版本 {generation}。"

NO_MATCH: Final = "没有符合条件的{label}。请放宽筛选条件，或确认资源库中已导入这类数据并重建索引。"
RUN_DONE: Final = "批次 {run} 完成：{n} 条需求，推荐已保存。"
SERVE_NOTE: Final = "服务地址 http://{host}:{port} ，接口文档 http://{host}:{port}/docs 。按 Ctrl+C 停止。"
SERVE_NO_ACCOUNTS: Final = (
    "还没有账号，谁都无法登录。请另开一个窗口运行：matchmaker accounts add admin --role admin"
)
SERVE_NO_SOCKET: Final = "无法在 {host}:{port} 上监听（{reason}）。请用 --port 换一个端口，或停止占用它的程序。"
SERVE_EXPOSED: Final = "注意：{host} 不是本机地址，而本服务自己不加密。请在前面放一个 HTTPS 反向代理，并把域名写入 MATCHMAKER_ALLOWED_HOSTS。"
DEMO_NEXT: Final = (
    "样例已在 {var_dir} 中就绪。接下来可以：\n"
    '  .venv/bin/matchmaker match --text "轧出来的薄板边上老是裂"   用一句话试试\n'
    "  .venv/bin/matchmaker match --achievement {achievement}           反过来：这项成果谁用得上\n"
    "  .venv/bin/matchmaker accounts add admin --role admin   建立第一个账号，接口要登录才能用\n"
    "  make serve                                            打开接口与文档\n"
    "  .venv/bin/matchmaker import experts 你的文件.xlsx      换成自己的数据"
)
UNEXPECTED: Final = (
    "程序出现意外错误（{kind}）。没有写入的内容不会丢失；请带上 matchmaker doctor 的输出联系管理员。"
)

USAGE: Final[dict[str, str]] = {
    "help": "显示帮助并退出",
    "hint": "用法见 {command} --help。",
    "missing": "缺少必填的 {name}。",
    "no_command": "没有 {name} 这个命令。",
    "no_option": "没有 {name} 这个选项。",
    "bad_value": "{name} 的值不合适，请核对类型与范围。",
    "other": "命令写法不对：{detail}。",
}

TABLE_HEADERS: Final = ("名次", "{kind}", "单位", "匹配度", "主要理由与最佳依据（彩色或「」内是与需求共有的词）")
EXCLUDED: Final = "内容相近但未推荐：{items}"
GAP: Final = "注意："
LESS_SPACE: Final = "……"

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

SETTINGS_INVALID: Final = "设置有误：{names}。请检查这些环境变量的值，说明见 README 的“设置”一节。"
ARGUMENT_GENERATION: Final = "索引版本的名称，见 matchmaker index list"
GENERATION_HEADERS: Final = ("", "版本", "建立时间（UTC）", "文本段数", "大小（MB）", "编码器", "状态")
IN_USE: Final = "使用中"
SOUND_MANIFEST: Final = "清单完好"
STAGE_MATCH: Final = "匹配需求"
CHECK_HEADERS: Final = ("检查", "结果", "说明")
SETTING_HEADERS: Final = ("设置", "现在的值", "说明")
YES: Final = "正常"
NO: Final = "未就绪"
NOT_SHOWN: Final = "（不显示，可能含密码）"
ARGUMENT_KIND: Final = (
    "数据种类：enterprises、enterprise-facts、experts、platforms、achievements、achievement-platforms、needs"
)
ARGUMENT_TEMPLATE: Final = "写出的 .xlsx 文件"
ARGUMENT_OUT: Final = "写出的文件，后缀决定格式"
ARGUMENT_FILE: Final = "CSV 或 XLSX 文件"
ERROR_TITLE: Final = "不合格 {n} 处"
WARNING_TITLE: Final = "请留意 {n} 处（不影响写入）"
ISSUE_HEADERS: Final = ("行", "列", "问题", "建议")

ARGUMENT_DATASET: Final = "测试集文件夹"
ARGUMENT_RESULT: Final = "evaluate --json 的输出，或 --run-out 写出的文件"
OPTION_RETRIEVER: Final = "用什么排序：dense 语义，lexical 词语（不加载模型），hybrid 两者按设置合用"
OPTION_ENCODER: Final = "换用另一个编码模型：default、模型文件夹或模型名，写法同 MATCHMAKER_ENCODER"
OPTION_RUN_OUT: Final = "写出 TREC 排名文件（每条需求前 1,000 名），并在旁边写出同名加 .json 的度量结果"
OPTION_DATASET: Final = "排名文件旁没有度量结果时，用这个测试集评判"
RUN_WRITTEN: Final = "排名已写入 {run}，度量结果已写入 {report}。"
RETRIEVER_LABELS: Final[dict[str, str]] = {
    "dense": "语义（dense）",
    "lexical": "词语（lexical）",
    "hybrid": "语义与词语合用（hybrid）",
}
EVALUATED: Final = "测试集 {dataset}：{n_queries} 条需求，{n_passages} 段文本；{retriever}；编码器 {encoder}；配置 {configuration}"
FIGURE_HEADERS: Final = ("对象", "个数", "有答案的需求", "前十偏度", "前十覆盖")
WORST_TITLE: Final = "{kind}：{metric} 最低的需求"
RANKED_FIRST: Final = "排在前面"
RELEVANT: Final = "应当找到"
POSITION: Final = "第 {position} 名"
NOT_RANKED: Final = "未排名"
GRADE: Final = "评为 {grade}"
NOT_JUDGED: Final = "未评"
COMPARISON_TITLE: Final = "{kind}：{n} 条共同的需求"
COMPARISON_HEADERS: Final = ("指标", "A", "B", "B − A", "95% 区间", "p 值", "B 胜 / 负")
OPTION_SWEEP_OUT: Final = "写出的 JSON 文件"
OPTION_PARAMETER: Final = "只改变这个参数；可重复，默认全部"
SWEEP_WRITTEN: Final = "{n} 个点已写入 {file}。"

WORLD_HELP: Final = (
    "生成一座合成城市：企业及年度数据、需求、专家、创新平台、成果与关联的文件，可以直接导入；并附测试集与主题标注。"
    "同样的规模与种子生成同样的文件。全部内容为虚构，用于试用、压力测试与评测。"
)
OPTION_SCALE: Final = "规模，1.0 为 51,541 家企业、62,213 位专家、2,621 个平台、约 19 万项成果"
OPTION_SEED: Final = "随机种子"
OPTION_WORLD_OUT: Final = "写出的文件夹，不存在或为空"
OPTION_WORLD_FORMAT: Final = "文件格式：csv 或 xlsx"
WORLD_WRITTEN: Final = "合成城市已写入 {folder}：{counts}。测试集有 {queries:,} 条查询、{passages:,} 段文本，其中 {judged:,} 条查询已评定。"
WORLD_COUNT: Final = "{label} {n:,}"
WORLD_NEXT: Final = "接下来：按 {folder}/README.md 的次序导入，或运行 matchmaker evaluate {folder}/collection。"

DUPLICATES_HELP: Final = "疑似重复的企业、专家、创新平台：查找、并排查看、合并、标为不同、撤销合并。"
DUPLICATES_FIND_HELP: Final = "在资源库中查找疑似重复的记录。已标为不同的不再列出；可以重复运行。"
DUPLICATES_LIST_HELP: Final = "并排列出待定的疑似重复：不同的字段、理由和分值（0 到 1，越高越可能是同一个）。"
DUPLICATES_MERGE_HELP: Final = (
    "把 A 与 B 合并为一条。缺少的内容互补，撤回同意、暂停接单、回避企业等从严；"
    "成果、平台关系、需求、年度数据、推荐一并归到保留的一条，另一编号此后指向它。"
)
DUPLICATES_REJECT_HELP: Final = "把 A 与 B 标为不同，以后不再提示。"
DUPLICATES_UNDO_HELP: Final = "撤销一次合并，逐行恢复原状；合并之后有改动时不撤销，并说明原因。"
DUPLICATES_HISTORY_HELP: Final = "列出合并的历史，最近的在前。"
OPTION_DUPLICATE_KIND: Final = "只看一类：enterprise（企业）、expert（专家）、platform（创新平台）；默认全部"
OPTION_AGAIN: Final = "已标为不同的也重新列出"
OPTION_REJECTED: Final = "列出已标为不同的"
OPTION_N_SHOWN: Final = "最多列出多少条"
OPTION_KEEP: Final = "保留哪个编号，默认保留内容较多的一条（企业优先保留信用代码有效的）"
OPTION_FIELD: Final = "指定一个字段的内容：字段=值，或 字段=编号（取该记录的内容）；可重复"
ARGUMENT_ONE_ID: Final = "一条记录的编号（企业为信用代码）"
ARGUMENT_OTHER_ID: Final = "另一条记录的编号"
ARGUMENT_MERGE: Final = "合并的编号，见 matchmaker duplicates history"
DUPLICATES_FOUND: Final = "{kind}：比较 {records:,} 条，疑似重复 {pairs:,} 对待定。"
DUPLICATES_LEFT_OUT: Final = "另有 {n:,} 对此前已标为不同，没有列出。"
AFTER_FIND: Final = (
    "接下来：matchmaker duplicates list 查看，再用 duplicates merge A B 合并，或 duplicates reject A B 标为不同。"
)
NO_DUPLICATES: Final = "没有这样的疑似重复。资源库有变化后，请运行 matchmaker duplicates find。"
MORE_PAIRS: Final = "只列出前 {shown:,} 对，共 {n:,} 对。用 -n 列出更多，或用 --json 输出全部。"
PAIR_TITLE: Final = "{kind} · 分值 {score}"
FIELD_HEADER: Final = "不同的字段"
SPEAKS_FOR: Final = "＋ "
SPEAKS_AGAINST: Final = "－ "
EMPTY_FIELD: Final = "--"
MERGED: Final = "“{absorbed}”已并入“{survivor}”（{name}），涉及 {n:,} 行。合并编号 {id}。"
AFTER_MERGE: Final = (
    "匹配结果中即刻不再出现被并入的记录；重建索引（matchmaker index build）后，它的成果计入保留的一条。"
    "撤销：matchmaker duplicates undo {id}"
)
REJECTED: Final = "“{first}”与“{second}”已标为不同，以后不再提示。"
MERGE_UNDONE: Final = "合并 {id} 已撤销：“{survivor}”与“{absorbed}”恢复原状。"
NO_MERGES: Final = "还没有合并过记录。"
MERGE_HEADERS: Final = ("合并编号", "时间（UTC）", "操作人", "种类", "并入", "状态")
INTO: Final = "{absorbed} → {survivor}"
UNDONE_BY: Final = "{state}（{by}，{at}）"

NIGHTLY_HELP: Final = "夜间批次：更新索引，为每条未过期的需求、没有需求的企业和每项成果算出新的推荐，按专家容量分配名额，保存并发布。"
RUNS_HELP: Final = "批次：查看、发布、回退，以及两个批次之间的变化。"
RUNS_LIST_HELP: Final = "列出最近的批次，最近的在前。"
RUNS_SHOW_HELP: Final = "一个批次的来历、各阶段用时、名额分配前后的对比和搁置的工作。默认看已发布的批次。"
RUNS_PUBLISH_HELP: Final = "发布一个批次：从此刻起，读者看到的是它。"
RUNS_ROLLBACK_HELP: Final = "回到上一个发布的批次。"
RUNS_DIGEST_HELP: Final = (
    "与前一个批次相比，推荐里新增、更好、不再出现的。可以只看一家企业、一个区镇或一条产业链。"
)
RUNS_EXPLAIN_HELP: Final = "说明一个批次为什么这样推荐：名次与得分是当时的，依据取自当时的索引版本。"
ARGUMENT_SOURCE: Final = "需求编号、企业的统一社会信用代码或成果编号"
EXPLAINED_RUN: Final = "批次 {run}（索引版本 {snapshot}）给“{title}”的推荐："
OPTION_AS_OF: Final = "按哪一天算（年-月-日），默认今天：过了截止日期的需求不再匹配"
OPTION_RESUME: Final = "接着做被中断的批次；没有则开始新的"
OPTION_EXECUTOR: Final = "由谁计算：serial（本进程）、processes（多个进程）、dask（集群）"
OPTION_SCHEDULER: Final = "Dask 调度器地址，例如 tcp://10.0.0.5:8786"
OPTION_SCOPE: Final = "只做一部分：区镇=…、产业链=…、来源=need/enterprise/achievement；可重复。这样的批次不会发布"
OPTION_KEEP_INDEX: Final = "不更新索引，用现有的索引版本"
OPTION_DRY_RUN: Final = "只说要做什么，不写入任何内容"
OPTION_ENTERPRISE: Final = "一家企业的统一社会信用代码"
OPTION_N_CHANGES: Final = "最多列出多少条变化"
ARGUMENT_RUN: Final = "批次编号，见 matchmaker runs list"
NIGHT_PREVIEW: Final = (
    "将匹配 {needs:,} 条需求、{enterprises:,} 家没有需求的企业、{achievements:,} 项成果；"
    "候选共 {experts:,} 位专家、{platforms:,} 个创新平台。没有写入任何内容。"
)
NIGHT_DONE: Final = "批次 {run} {state}：{sources:,} 个来源，其中重新计算 {computed:,}、沿用 {carried:,}，共 {suggestions:,} 条推荐。"
NIGHT_WHY: Final = "  重新计算的原因：{why} {count:,}"
NIGHT_PUBLISHED: Final = "已发布。变化见 matchmaker runs digest；退回上一批次：matchmaker runs rollback"
NIGHT_PARTIAL: Final = (
    "有 {shards} 份工作多次失败后搁置，批次未发布，读者看到的仍是上一批次。"
    "查看原因：matchmaker runs show {run}；仍要发布：matchmaker runs publish {run}"
)
NIGHT_SCOPED: Final = "这个批次只针对 {scope}，供查看，没有发布。"
EXPOSURE_HEADERS: Final = ("名单对象", "平均匹配度", "覆盖率", "基尼系数", "超出容量", "最多进入几份名单")
RUN_HEADERS: Final = ("批次", "开始（UTC）", "方式", "范围", "状态", "来源数")
WHOLE_CITY: Final = "全市"
IS_PUBLISHED: Final = "（已发布）"
NO_RUNS: Final = "还没有批次。请运行 matchmaker nightly。"
RUN_MADE_BY: Final = "索引版本 {snapshot}，模型 {encoder}，设置 {config}"
RUN_HOLDS: Final = "保存了 {n:,} 条推荐"
RUN_STAGE: Final = "  {stage}：{seconds:,.1f} 秒"
RUN_QUARANTINED: Final = "第 {number} 份工作（{stage}）已搁置：{error}"
RUN_PUBLISHED: Final = "读者现在看到的是批次 {run}（此前是 {before}）。"
NOTHING: Final = "--"
PLACE: Final = "第 {position} 名，{score:.2f}"
DIGEST_OF: Final = "批次 {run} 与 {former} 相比，看了 {sources:,} 个来源。"
DIGEST_COUNTS: Final = "  {kind}：{changes}"
DIGEST_HEADERS: Final = ("来源", "对象", "编号", "变化", "此前", "现在")
DIGEST_MORE: Final = "只列出前 {shown:,} 条，共 {n:,} 条。用 -n 列出更多，或用 --json 输出。"

BACKUP_HELP: Final = (
    "把数据库的全部内容写成一个备份文件 FILE，服务可以照常运行。备份可以恢复到 SQLite 或 PostgreSQL；"
    "不含索引（恢复后重建）、数据库地址和联系方式的密钥。备份含有个人信息，只有当前用户可读，请妥善保管。"
)
RESTORE_HELP: Final = (
    "用备份文件 FILE 恢复数据库：全部恢复，或全部不动。恢复后逐表核对行数与 sha256。数据库不是空的则拒绝，除非加 --force。"
    "恢复前请停止服务；--check 只检查备份是否完好，不碰数据库。"
)
ARGUMENT_BACKUP: Final = "备份文件，例如 备份-2026-11-28.zip"
OPTION_WITH_KEY: Final = "把联系方式的密钥也放进备份：这样一份文件就能完整恢复，但拿到它的人也能读出全部联系方式。不加则密钥须另行保管，丢失后联系方式无法恢复"
OPTION_REPLACE_DATABASE: Final = "用备份替换数据库现有的全部内容"
OPTION_CHECK_BACKUP: Final = "只检查备份是否完好，不恢复"
BACKED_UP: Final = "已备份 {tables} 张表、{rows:,} 行（{size}）到 {path}。"
BACKUP_HAS_KEY: Final = "备份中有联系方式的密钥：拿到这个文件的人能读出全部联系方式，请加密保存或放在受控的地方。"
BACKUP_WITHOUT_KEY: Final = "备份中没有联系方式的密钥，请另行备份 {path}，并与本文件分开保管。"
BACKUP_SOUND: Final = "备份完好：{tables} 张表、{rows:,} 行，取自 {at}（{database}）。"
RESTORED: Final = "已恢复 {tables} 张表、{rows:,} 行，行数与 sha256 逐表核对一致。备份取自 {at}（{database}）。"
RESTORED_KEY_MISSING: Final = (
    "还没有联系方式的密钥：请把原来的密钥文件放到 {path}，在此之前联系方式无法读出，其他内容不受影响。"
)
RESTORED_INDEX_HERE: Final = "索引版本 {generation} 仍在，可以直接使用。"
RESTORED_BUILD: Final = "接下来：matchmaker index build 重建索引，再启动服务。"
RESTORED_SETTINGS: Final = "以下设置与备份时不同，请核对："
RESTORED_SETTING: Final = "  {name}：当时 {then}，现在 {now}"

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
REMIND_HELP: Final = (
    "定时任务：放开过期的认领，专家逾期未答的记为超时未答，过了截止日期的需求记为过期，"
    "对象已移出资源库的对接取消，并给出到期与逾期提醒。可以随时重复运行；夜间批次结束时也会运行。"
)
TIMERS_DONE: Final = (
    "放开认领 {claims:,} 条，超时未答 {silent:,} 条，过期需求 {expired:,} 条，"
    "取消或转接对接 {cancelled:,} 条，新提醒 {reminders:,} 条。"
)
FIGURES_HELP: Final = (
    "关键数据：推荐、确认、推送、企业有意、专家接受、接洽、签约的条数，金额，预研资金与带动倍数，各步用时。"
)
OPTION_FIGURES_BY: Final = "按什么分组：all 合计、officer 审核员、town 区镇、chain 产业链、month 月份"
OPTION_SINCE: Final = "时段的第一天；不填为最早"
OPTION_UNTIL: Final = "时段结束的次日；不填为至今"
OPTION_FIGURES_TOWN: Final = "只看企业所在区镇包含这些文字的"
OPTION_FIGURES_CHAIN: Final = "只看产业链包含这些文字的"
OPTION_FIGURES_CSV: Final = "以 CSV 输出，可以用 Excel 打开"
NO_FIGURES: Final = "这个时段还没有对接数据。"
FIGURE_COLUMNS: Final = (
    "分组",
    "推荐",
    "企业有意",
    "专家接受",
    "接洽",
    "签约",
    "结题",
    "合同金额（万元）",
    "预研资金（万元）",
    "带动倍数",
    "推荐到签约（天）",
)
MEDIAN_AND_P90: Final = "{median:.1f}（九成 {p90:.1f}）"
