"""zh-CN sentences of the commands around personal data."""

from typing import Final

PERSONS_HELP: Final = "个人信息：凭用途查看、登记意愿、给本人一份副本、按要求删除。"
PERSONS_REVEAL_HELP: Final = "写明用途，查看一位专家、平台负责人或一条需求中没有遮盖的个人信息；每次都有记录。"
PERSONS_CONSENT_HELP: Final = "查看一位专家的意愿；写明 --scope 与 --decision 则登记。撤回“推荐”即刻生效。"
PERSONS_EXPORT_HELP: Final = (
    "把库中关于一位专家的全部内容写成两个文件，交给本人：FILE.json 供程序读，FILE.html 供人看。"
)
PERSONS_ERASE_HELP: Final = "删除一位专家的全部个人信息（不能恢复），重建索引，复查，并给出删除证明。"
PERSONS_FINISH_HELP: Final = "完成尚未完成的删除：重建索引，删去旧的索引版本与工作文件，复查。"
PERSONS_CERTIFICATES_HELP: Final = "列出删除证明；写明编号则显示全文。"
PERSONS_READMIT_HELP: Final = "允许导入重新写入某份证明所涉及的人（或同名同单位的人）。"
KEYS_HELP: Final = "联系方式的密钥。"
KEYS_SHOW_HELP: Final = "密钥文件在哪里，有几把密钥，现在用哪一把。不显示密钥。"
KEYS_ROTATE_HELP: Final = "换一把新密钥，并用它重新加密全部联系方式。"
RETENTION_HELP: Final = "删去保存期已满的数据；每个夜间批次之后也会自动进行。"

ARGUMENT_PERSON: Final = "专家编号"
ARGUMENT_RECORD: Final = "专家、创新平台或需求的编号"
ARGUMENT_COPY: Final = "文件名，例如 副本.json"
ARGUMENT_CERTIFICATE: Final = "删除证明的编号"
OPTION_KIND: Final = "expert 专家、platform 创新平台或 need 需求"
OPTION_PURPOSE: Final = "用途，至少 8 个字，记入操作记录"
OPTION_SCOPE: Final = "推荐、公开展示或联系方式提供"
OPTION_DECISION: Final = "同意或撤回"
OPTION_BASIS: Final = "依据：本人怎样表示的"
OPTION_EVIDENCE: Final = "证据存放在哪里"
OPTION_REASON: Final = "依据什么，例如 本人来信要求"
OPTION_LATER: Final = "不马上重建索引，留给下一个夜间批次"
OPTION_CERTIFICATE_OUT: Final = "把删除证明写到这个文件"
OPTION_DROP_FORMER: Final = "重新加密后删去旧密钥；用旧密钥加密的备份将无法读取"
OPTION_DRY_RUN: Final = "只说明会删去多少，不删除"

REVEALED_HEADERS: Final = ("字段", "内容")
REVEALED_UNTIL: Final = "已记录用途。"
CONSENT_HEADERS: Final = ("范围", "现在", "本人的表示", "时间（UTC）")
ALLOWED: Final = {True: "允许", False: "不允许"}
NOTHING_SAID: Final = "没有表示过"
EXPORTED: Final = "已写出 {json} 与 {page}。其中有完整的个人信息，请只交给本人。"
CERTIFICATE_HEADERS: Final = ("证明编号", "时间（UTC）", "状态", "依据")
NO_CERTIFICATES: Final = "没有删除过个人信息。"
NOTHING_PENDING: Final = "没有未完成的删除。"
WRITTEN: Final = "删除证明已写到 {path}。"
READMITTED: Final = "证明 {id} 所涉及的人可以重新导入。"
KEYS_SHOWN: Final = "密钥文件 {path}：{n} 把密钥，现在用 {current}。请与数据库分开备份。"
KEYS_ROTATED: Final = "已换用新密钥 {current}，重新加密 {records:,} 位专家的联系方式和 {remembered:,} 处旧内容。请重新备份密钥文件。"
KEYS_LOCKED: Final = "有 {n:,} 处用现有的密钥打不开，没有改动。请放回原来的密钥文件后再运行一次。"
KEYS_DROPPED: Final = "旧密钥已删去。"
RETENTION_HEADERS: Final = ("数据", "保存天数", "删去")
RETENTION_HEADERS_DRY: Final = ("数据", "保存天数", "将删去")
AFTER_NIGHT: Final = "清理到期数据 {deleted:,} 条；完成个人信息删除 {erased:,} 件。"
