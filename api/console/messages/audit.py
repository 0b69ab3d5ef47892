"""The audit trail in words: what each action is called, and what its facts are."""

from typing import Final

SOURCES: Final[dict[str, str]] = {
    "account": "账号",
    "audit": "审计",
    "backup": "备份",
    "export": "导出",
    "feedback": "反馈与盲评",
    "identity": "重复与合并",
    "import": "导入",
    "index": "索引",
    "library": "资源库",
    "nightly": "夜间批次",
    "personal": "个人信息",
    "review": "需求与对接",
}
"""By the first part of an action; the choices of the filter."""

SUBJECTS: Final[dict[str, str]] = {
    "achievement": "成果",
    "achievement_platform": "成果与平台的关系",
    "enterprise": "企业",
    "enterprise_fact": "企业年度数据",
    "expert": "专家",
    "need": "需求",
    "platform": "创新平台",
}
"""By the second part, where it stands for a kind of record."""

SENTENCES: Final[dict[str, str]] = {
    "account:account:change": "修改账号的姓名或范围",
    "account:account:create": "建立账号",
    "account:account:disable": "停用账号",
    "account:account:enable": "启用账号",
    "account:objection:answer": "答复异议：{outcome}",
    "account:objection:raise": "提出异议（{subject}）",
    "account:objection:take_on": "开始复核异议",
    "account:objection:withdraw": "撤回异议",
    "account:password:change": "修改自己的密码",
    "account:password:reset": "重置密码",
    "account:session:end": "结束登录",
    "account:session:end_others": "结束其他登录（{n} 次）",
    "account:session:refuse": "登录未通过",
    "account:session:start": "登录",
    "account:token:create": "建立访问令牌，有效 {days} 天",
    "account:token:revoke": "撤销访问令牌",
    "audit:trail:export": "导出审计记录（{n_lines} 条）",
    "backup:database:restore": "恢复数据库",
    "backup:database:take": "备份数据库",
    "export:*:write": "导出{kind}",
    "feedback:dataset:export": "导出审核决定",
    "feedback:pool:close": "结束盲评",
    "feedback:pool:create": "建立盲评",
    "feedback:pool:export": "导出盲评结果",
    "identity:*:find": "查找重复的{kind}",
    "identity:*:merge": "合并重复的{kind}",
    "identity:*:reject": "认定两条{kind}不是同一个",
    "identity:*:reopen": "把两条{kind}放回待定",
    "identity:*:undo": "撤销{kind}的合并",
    "import:file:discard": "放弃导入的文件",
    "import:file:upload": "上传要导入的文件",
    "import:*:apply": "导入{kind}：新增 {n_new}，更新 {n_changed}",
    "import:*:undo": "撤销一次{kind}的导入",
    "index:snapshot:publish": "建立并启用索引版本",
    "index:snapshot:use": "换用索引版本",
    "library:*:edit": "更正{kind}",
    "nightly:run:publish": "发布批次",
    "nightly:run:rollback": "回退批次",
    "personal:*:release": "对接双方同意后提供联系方式",
    "personal:*:reveal": "查看{kind}的完整信息",
    "personal:consent:record": "登记意愿：{scope}，{decision}",
    "personal:keys:rotate": "更换联系方式的密钥",
    "personal:person:erase": "删除个人信息",
    "personal:person:export": "提供本人资料副本",
    "personal:person:readmit": "允许再次收录",
    "personal:retention:run": "清理到期数据",
    "review:case:claim": "认领对接",
    "review:case:decide": "推进对接：由“{from}”到“{to}”",
    "review:case:export": "导出对接（{n} 条）",
    "review:case:follow": "对接随之变化：由“{from}”到“{to}”",
    "review:case:release": "放开认领的对接",
    "review:case:undo": "撤销对接的一步：由“{from}”回到“{to}”",
    "review:need:create": "新建需求",
    "review:need:decide": "推进需求：由“{from}”到“{to}”",
    "review:need:edit": "修改需求",
    "review:need:follow": "需求随之变化：由“{from}”到“{to}”",
    "review:need:undo": "撤销需求的一步：由“{from}”回到“{to}”",
    "review:outcome:record": "记录对接结果（{what}）",
    "review:wish:say": "表示意向：{stance}",
    "review:wish:undo": "撤回表示过的意向",
    "review:wish:void": "意向随对方移出资源库而失效",
    "review:reminder:give": "发出提醒（{n} 条）",
}
"""By action; ``*`` stands for a kind of record, which ``{kind}`` names. Names in braces are facts of the line."""

FACTS: Final[dict[str, str]] = {
    "action": "操作的筛选",
    "actor": "操作人的筛选",
    "again": "重新比较",
    "batch": "批次",
    "batch_id": "整批编号",
    "case": "对接",
    "chains": "产业链",
    "criteria": "条件",
    "days": "天数",
    "decision": "决定",
    "disclosure": "遮盖方式",
    "dropped_former": "删去旧密钥",
    "enterprise": "企业",
    "fields": "字段",
    "file": "文件",
    "from": "从",
    "made_at": "备份时间",
    "kind": "类别",
    "n": "条数",
    "n_bytes": "字节",
    "n_changed": "更新",
    "n_duplicates": "重复行",
    "n_error_rows": "有误的行",
    "n_gone": "不再出现",
    "n_lines": "条数",
    "n_locked": "无法打开",
    "n_new": "新增",
    "n_open": "待定",
    "n_records": "记录",
    "n_remembered": "留存内容",
    "n_rows": "行数",
    "n_suggestions": "推荐",
    "n_unchanged": "没有变化",
    "n_warnings": "提示",
    "outcome": "结论",
    "passages": "文本段",
    "purpose": "用途",
    "reason": "原因",
    "role": "角色",
    "run": "批次",
    "scope": "事项",
    "scopes": "权限",
    "session": "登录",
    "sha256": "SHA-256",
    "since": "起始时间",
    "stance": "意向",
    "step": "步骤",
    "subject": "事项",
    "target": "对象的筛选",
    "to": "到",
    "token": "令牌",
    "towns": "区镇",
    "undoes": "撤销的步骤",
    "until": "截止时间",
    "version": "版本",
    "what": "内容",
    "whole_city": "全市",
    "with_key": "含密钥",
}
"""What the facts of a line are called; others stand as they are."""

OUTCOMES: Final[dict[str, str]] = {
    "contract": "合同",
    "evaluation": "评价",
    "funding": "预研资金",
    "milestone": "里程碑",
}
"""Values of ``what``."""

YES: Final = "是"
NO: Final = "否"
COMMAND_LINE: Final = "命令行（{name}）"
JOB: Final = "定时任务（{name}）"
UNKNOWN_ACCOUNT: Final = "没有这个账号"

COLUMNS: Final = ("编号", "时间", "操作人", "做了什么", "对象", "操作代码", "细节")
EXPORT_NAME: Final = "审计记录"
CUT: Final = "只导出了最近 {n} 条，其余请缩短时间范围后再导出"

PERIOD: Final = ("从", "到")
SOURCE: Final = "范围"
ACTIVITY: Final = "处理活动"
