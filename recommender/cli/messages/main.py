"""zh-CN sentences of the commands as the help lists them, and of the demonstration."""

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
DEMO_NEXT: Final = (
    "样例已在 {var_dir} 中就绪。接下来可以：\n"
    '  .venv/bin/matchmaker match --text "轧出来的薄板边上老是裂"   用一句话试试\n'
    "  .venv/bin/matchmaker match --achievement {achievement}           反过来：这项成果谁用得上\n"
    "  .venv/bin/matchmaker accounts add admin --role admin   建立第一个账号，接口要登录才能用\n"
    "  make serve                                            打开网页、接口与文档\n"
    "  .venv/bin/matchmaker import experts 你的文件.xlsx      换成自己的数据"
)
UNEXPECTED: Final = (
    "程序出现意外错误（{kind}）。没有写入的内容不会丢失；请带上 matchmaker doctor 的输出联系管理员。"
)
SETTINGS_INVALID: Final = "设置有误：{names}。请检查这些环境变量的值，说明见 README 的“设置”一节。"
WORLD_HELP: Final = (
    "生成一座合成城市：企业及年度数据、需求、专家、创新平台、成果与关联的文件，可以直接导入；并附测试集与主题标注。"
    "同样的规模与种子生成同样的文件。全部内容为虚构，用于试用、压力测试与评测。"
)
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
BACKUP_HELP: Final = (
    "把数据库的全部内容写成一个备份文件 FILE，服务可以照常运行。备份可以恢复到 SQLite 或 PostgreSQL；"
    "不含索引（恢复后重建）、数据库地址和联系方式的密钥。备份含有个人信息，只有当前用户可读，请妥善保管。"
)
RESTORE_HELP: Final = (
    "用备份文件 FILE 恢复数据库：全部恢复，或全部不动。恢复后逐表核对行数与 sha256。数据库不是空的则拒绝，除非加 --force。"
    "恢复前请停止服务；--check 只检查备份是否完好，不碰数据库。"
)
REMIND_HELP: Final = (
    "定时任务：放开过期的认领，专家逾期未答的记为超时未答，过了截止日期的需求记为过期，"
    "对象已移出资源库的对接取消，并给出到期与逾期提醒。可以随时重复运行；夜间批次结束时也会运行。"
)
FIGURES_HELP: Final = (
    "关键数据：推荐、确认、推送、企业有意、专家接受、接洽、签约的条数，金额，预研资金与带动倍数，各步用时。"
)
