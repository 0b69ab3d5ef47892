"""What the pages of settings, of the system's state and of persons' rights say."""

from typing import Final

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "文件与数据库": ("var_dir", "data_dir", "database_url", "key_file"),
    "服务": (
        "host",
        "port",
        "workers",
        "allowed_hosts",
        "trusted_proxies",
        "max_body_bytes",
        "max_upload_bytes",
        "deadline_seconds",
        "match_slots",
        "match_queue",
        "rate_per_minute",
        "address_rate_per_minute",
        "idempotency_hours",
        "log_level",
        "log_format",
        "local_metrics",
    ),
    "登录与令牌": (
        "secure_cookies",
        "session_idle_minutes",
        "session_hours",
        "session_rotation_hours",
        "max_token_days",
    ),
    "审核与对接": (
        "claim_minutes",
        "undo_minutes",
        "remind_hours",
        "high_score",
        "low_score",
        "operator_contact",
        "objection_days",
    ),
    "匹配": (
        "encoder",
        "n_threads",
        "max_k",
        "max_need_chars",
        "dense_weight",
        "finding_dense_weight",
        "finding_part_weight",
        "finding_pair_weight",
        "finding_rarity",
        "normalisation",
        "title_share",
        "body_chars",
        "body_term_weight",
        "background_term_weight",
        "centring",
        "feedback_passages",
        "feedback_share",
        "passage_discount",
        "platform_discount",
        "shortlist_size",
    ),
    "夜间批次": (
        "candidate_depth",
        "list_size",
        "achievement_list_size",
        "allocation_strength",
        "default_places",
        "lists_per_place",
        "max_lists",
        "shard_size",
        "max_attempts",
        "lease_seconds",
        "keep_runs",
        "keep_snapshots",
    ),
    "个人信息与保存期": (
        "reveal_minutes",
        "keep_sessions_days",
        "keep_tokens_days",
        "keep_sign_in_attempts_days",
        "keep_requests_days",
        "keep_reminders_days",
        "keep_reveals_days",
        "keep_processing_days",
        "keep_objections_days",
        "keep_audit_days",
        "keep_former_content_days",
        "keep_payloads_days",
        "keep_import_jobs_days",
        "keep_uploads_days",
    ),
}
"""Settings by subject, in the order in which they are shown; a test sees that each stands in one."""
OTHERS: Final = "其他"

CHECKS: Final[dict[str, str]] = {
    "schema": "数据库结构",
    "index": "索引",
    "encoder": "编码模型",
    "keys": "联系方式的密钥",
    "disk": "磁盘",
    "backup": "备份",
}
PARTS: Final[dict[str, str]] = {
    "database": "数据库文件",
    "snapshots": "索引版本",
    "vector_cache": "向量缓存",
    "nights": "夜间批次的工作文件",
}
DATABASES: Final[dict[str, str]] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

RETENTION_DONE: Final = "已清理 {n} 项到期数据。"
RETENTION_NOTHING: Final = "没有到期的数据，什么也没有删除。"

OBJECTION_RAISED: Final = "已收到异议 {id}，将在 {due} 前答复。"
OBJECTION_WITHDRAWN: Final = "已撤回异议 {id}。"
OBJECTION_TAKEN: Final = "已开始复核异议 {id}。"
OBJECTION_ANSWERED: Final = "已答复异议 {id}，对方可以看到。"

LABELS: Final[dict[str, str]] = {"subject": "事项", "state": "状态", "outcome": "结论"}
"""Of fields, as sentences name them."""
ALL: Final = "全部"
