"""All settings, read from the environment with the prefix ``MATCHMAKER_``; every field says what it does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from recommender.matching.fusion import Normalisation

PREFIX: Final = "MATCHMAKER_"
_ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedSetting:
    """A setting as it may be shown.

    Attributes:
        variable: of the environment.
        value, default: ``""`` where there is none, and for both where it is secret.
        is_set: whether it was given, rather than left at its default.
        is_secret: whether neither may be shown.
    """

    variable: str
    description: str
    value: str
    default: str
    is_set: bool
    is_secret: bool


class Settings(BaseSettings):
    """One object for the whole program; built once, in the composition root."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    var_dir: Path = Field(Path("var"), description="运行时文件的目录：数据库、索引版本、向量缓存")
    data_dir: Path = Field(_ROOT / "data", description="随程序发布的只读数据目录：样例、词典")
    database_url: str = Field(
        "",
        description="数据库地址；留空则使用 var_dir 下的 SQLite。PostgreSQL 写作 postgresql+psycopg://用户:密码@主机/库名",
        repr=False,
    )
    key_file: Path | None = Field(
        None,
        description="联系方式的密钥文件；留空则使用 var_dir 下的 keys/contacts.json。由 matchmaker init 生成，须与数据库分开备份",
    )
    reveal_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        30, description="登记用途查看一个人的完整信息后，同一账号在多少分钟内看到的是未遮盖的内容"
    )
    keep_sessions_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        30, description="登录过期之后，多少天删去它的记录"
    )
    keep_tokens_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        180, description="访问令牌过期之后，多少天删去它的记录"
    )
    keep_sign_in_attempts_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        30, description="登录失败的记录保留多少天"
    )
    keep_requests_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        1, description="带幂等键的请求过期之后，多少天删去它的答复"
    )
    keep_reminders_days: Annotated[int, Field(ge=1, le=36_500)] = Field(365, description="提醒保留多少天")
    keep_reveals_days: Annotated[int, Field(ge=1095, le=36_500)] = Field(
        1095, description="查看完整信息的记录保留多少天，不少于三年"
    )
    keep_processing_days: Annotated[int, Field(ge=1095, le=36_500)] = Field(
        1095, description="处理活动记录保留多少天，不少于三年"
    )
    keep_objections_days: Annotated[int, Field(ge=1095, le=36_500)] = Field(
        1095, description="异议答复或撤回之后，保留多少天，不少于三年"
    )
    keep_audit_days: Annotated[int, Field(ge=1095, le=36_500)] = Field(
        1825, description="审计记录保留多少天，不少于三年"
    )
    keep_former_content_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        365, description="合并前的旧内容保留多少天，之后不能再撤销那次合并"
    )
    keep_payloads_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        30, description="夜间批次的中间结果保留多少天；已发布的批次也在其内，之后的夜间批次从头计算"
    )
    operator_contact: str = Field(
        "",
        description="运营方的联系方式（单位、电话或邮箱），写在帮助页上，供没有账号的人提出异议、撤回同意、查阅与删除",
    )
    objection_days: Annotated[int, Field(ge=1, le=60)] = Field(
        15, description="异议在多少个工作日内答复；这是运营方自定的期限，按周一至周五计，不扣除法定节假日"
    )
    encoder: str = Field(
        "default",
        description="编码模型：default 为自带模型；也可填 sentence-transformers 模型的文件夹或名称。更换后须重建索引",
    )
    n_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="编码与检索使用的线程数，一般等于 CPU 核数"
    )
    host: str = Field("127.0.0.1", description="服务监听的地址；对外提供服务时，请在前面放一个 HTTPS 反向代理")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="服务监听的端口")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="服务的进程数；多于 1 时共用端口与内存中的索引，被终止的进程会自动补上"
    )
    allowed_hosts: str = Field(
        "",
        description="除本机名称外，还接受以哪些主机名访问，用逗号分隔；经反向代理提供服务时填它的域名",
    )
    secure_cookies: bool = Field(
        default=True,
        description="登录会话的 Cookie 只经 HTTPS 发送；只在本机用 http 试用时可设为 false，此时只接受本机的会话",
    )
    session_idle_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        120, description="登录会话多少分钟没有操作后失效"
    )
    session_hours: Annotated[int, Field(ge=1, le=720)] = Field(
        12, description="登录会话最长多少小时，之后须重新登录"
    )
    session_rotation_hours: Annotated[int, Field(ge=1, le=720)] = Field(
        1, description="登录会话的 Cookie 每隔多少小时更换一次"
    )
    max_token_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        366, description="程序使用的访问令牌最长有效多少天"
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(1_000_000, description="HTTP 请求正文的上限（字节）")
    max_upload_bytes: Annotated[int, Field(ge=1024, le=500_000_000)] = Field(
        50 * 1024 * 1024,
        description="在网页上导入的一个文件的上限（字节）；更大的文件请拆开，或在服务器上用命令导入",
    )
    keep_uploads_days: Annotated[int, Field(ge=1, le=365)] = Field(
        7, description="在网页上上传、没有导入完的文件保留多少天；导入完成或放弃时立即删去"
    )
    keep_import_jobs_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        365, description="网页导入的步骤记录（文件名与数量，不含内容）保留多少天；导入批次不受影响"
    )
    max_k: Annotated[int, Field(ge=1, le=10_000)] = Field(1000, description="一次匹配最多返回的条数")
    max_need_chars: Annotated[int, Field(ge=100)] = Field(20_000, description="一条需求文本的字数上限")
    keep_snapshots: Annotated[int, Field(ge=2, le=100)] = Field(
        3, description="保留的索引版本数，至少 2 个以便回退"
    )
    dense_weight: Annotated[float, Field(ge=0, le=1)] = Field(
        0.8, description="语义相似在综合得分中的比重，其余为关键词（BM25）"
    )
    finding_dense_weight: Annotated[float, Field(ge=0, le=1)] = Field(
        0.65, description="同上，用于专家与创新平台：同一领域里，确切的方法名称更能区分人"
    )
    finding_part_weight: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="找专家与创新平台时，只作为长词的一部分出现的词（磷酸铁锂里的磷酸）相对于其他词的比重"
    )
    finding_pair_weight: Annotated[float, Field(ge=0, le=5)] = Field(
        1.0, description="找专家与创新平台时，相邻两词连在一起的比重；0 为不看是否相邻"
    )
    finding_rarity: Annotated[float, Field(ge=0, le=3)] = Field(
        1.5, description="找专家与创新平台时，在 BM25 之外再按词的罕见程度加权的次方；0 为不加"
    )
    normalisation: Normalisation = Field(
        Normalisation.Z_SCORE,
        description="语义与词语得分怎样化到同一尺度：z_score、min_max 或 reciprocal_rank（按名次的倒数）",
    )
    title_share: Annotated[float, Field(ge=0, le=1)] = Field(
        0.2, description="需求名称单独编码所占比重，其余为名称与描述合并编码"
    )
    body_chars: Annotated[int, Field(ge=0, le=2000)] = Field(
        60, description="语义检索读取需求描述的前多少个字，关键词检索读取全文；更长不更准，只更慢"
    )
    body_term_weight: Annotated[float, Field(ge=0, le=1)] = Field(
        1.0, description="需求描述中一个词相对于名称中一个词的比重"
    )
    background_term_weight: Annotated[float, Field(ge=0, le=1)] = Field(
        0.3, description="需求描述中只在“现有基础、公司简介”一类小标题下出现的词，相对于所提要求中的词的比重"
    )
    centring: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="从需求向量中减去全部文本平均向量的份额，使“跟谁都像”的文本不占便宜；0 为不减"
    )
    feedback_passages: Annotated[int, Field(ge=0, le=100)] = Field(
        10, description="先检索一次，再让需求向量向最前的几段供给文本靠近，这里是几段；0 为不做"
    )
    feedback_share: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.3, description="靠近多少：靠近后的需求向量中，那几段文本的平均所占的份额"
    )
    passage_discount: Annotated[float, Field(ge=0, le=1)] = Field(
        0.4, description="同一专家的第二条依据按此折扣计入，第三条按其平方，依此类推"
    )
    platform_discount: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="同上，用于创新平台：平台背后是许多人，方向之广也说明问题"
    )
    shortlist_size: Annotated[int, Field(ge=10, le=10_000)] = Field(
        20, description="先按内容选出多少个候选，再按全部因素排序"
    )
    candidate_depth: Annotated[int, Field(ge=10, le=1000)] = Field(
        100, description="夜间批次为每个来源保留多少位专家作为候选，名额从中分配"
    )
    list_size: Annotated[int, Field(ge=1, le=100)] = Field(
        10, description="夜间批次为每条需求（或没有需求的企业）推荐专家、创新平台、成果各几个"
    )
    achievement_list_size: Annotated[int, Field(ge=1, le=100)] = Field(
        5, description="夜间批次为每项成果推荐几家企业"
    )
    allocation_strength: Annotated[float, Field(ge=0, le=1)] = Field(
        0.1,
        description="分配专家名额时，为照顾少被推荐的人最多让出多少匹配度；0 为不分配，人人得到最匹配的，不看容量",
    )
    default_places: Annotated[int, Field(ge=0, le=100)] = Field(
        3, description="没有写明容量的专家，按能同时接几家企业计"
    )
    lists_per_place: Annotated[int, Field(ge=1, le=1000)] = Field(
        10, description="专家每空着一个名额，一夜最多进入几份推荐名单（多数推荐不会变成对接）"
    )
    max_lists: Annotated[int, Field(ge=1, le=100_000)] = Field(
        40, description="一位专家一夜最多进入几份推荐名单，不论容量多大"
    )
    shard_size: Annotated[int, Field(ge=16, le=100_000)] = Field(
        512, description="夜间批次一次提交多少个来源；中断后最多重做这么多"
    )
    keep_runs: Annotated[int, Field(ge=2, le=365)] = Field(3, description="保留最近几个批次，至少 2 个以便回退")
    max_attempts: Annotated[int, Field(ge=1, le=1000)] = Field(
        3, description="夜间批次的一份工作失败几次后搁置；批次因此只算部分完成，并会写明"
    )
    lease_seconds: Annotated[float, Field(ge=1, le=3600)] = Field(
        60, description="夜间批次的运行者多少秒没有动静之后，别人可以接手"
    )
    match_slots: Annotated[int, Field(ge=1, le=8)] = Field(
        2, description="每个进程同时计算的匹配数；其他请求另有线程，不受匹配拖累"
    )
    match_queue: Annotated[int, Field(ge=0, le=1000)] = Field(
        8, description="每个进程最多有几个匹配请求排队；再多的立即答复 503 和可以重试的时间"
    )
    rate_per_minute: Annotated[float, Field(ge=0)] = Field(
        1200, description="每个账号每分钟在每个进程上的请求数上限，停一会儿后可以一次用掉四分之一；0 为不限"
    )
    address_rate_per_minute: Annotated[float, Field(ge=0)] = Field(
        300, description="没有登录的请求：每个来源地址每分钟在每个进程上的请求数上限；0 为不限"
    )
    trusted_proxies: str = Field(
        "",
        description="反向代理的地址或网段，逗号分隔；只有来自这些地址的 X-Forwarded-For 与 X-Forwarded-Proto 才算数",
    )
    idempotency_hours: Annotated[float, Field(ge=1, le=720)] = Field(
        24, description="带 Idempotency-Key 的请求，答复保留多少小时供重发时取回"
    )
    deadline_seconds: Annotated[float, Field(ge=1, le=600)] = Field(
        30, description="一个请求最多处理多少秒；到时还没轮到的不再处理，答复 503"
    )
    claim_minutes: Annotated[float, Field(gt=0, le=24 * 60)] = Field(
        30, description="认领一条推荐或对接后，多少分钟内由认领人独自处理；到时自动放开"
    )
    undo_minutes: Annotated[float, Field(ge=0, le=7 * 24 * 60)] = Field(
        30, description="自己的决定（单条或整批）在多少分钟内可以撤销"
    )
    remind_hours: Annotated[float, Field(ge=0, le=30 * 24)] = Field(
        24, description="期限前多少小时提醒；逾期再提醒一次"
    )
    high_score: Annotated[float, Field(ge=0, le=1)] = Field(
        0.6, description="得分不低于此值的推荐列入“高分待审核”"
    )
    low_score: Annotated[float, Field(ge=0, le=1)] = Field(
        0.4, description="得分低于此值的推荐列入“低把握待审核”"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="日志级别：DEBUG、INFO、WARNING 或 ERROR"
    )

    log_format: Literal["text", "json"] = Field(
        "text", description="日志格式：text 供人看，json 供程序收集（每行一个对象）"
    )
    local_metrics: bool = Field(
        default=False, description="本机上的程序不带凭据也可以读取 /metrics；本机有反向代理时不要打开"
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_means_default(cls, values: dict[str, object]) -> dict[str, object]:
        """An exported but empty variable is the same as none."""
        return {name: value for name, value in values.items() if value not in ("", None)}

    def shown(self) -> dict[str, str]:
        """Values in force by variable, as they may be printed: without the database address and other secrets."""
        return {
            f"{PREFIX}{name.upper()}": str(getattr(self, name))
            for name, field in type(self).model_fields.items()
            if field.repr
        }

    def described(self) -> tuple[DescribedSetting, ...]:
        """Every setting with what it does, in the order in which they are declared."""
        return tuple(
            DescribedSetting(
                variable=f"{PREFIX}{name.upper()}",
                description=field.description or "",
                value=_shown(getattr(self, name)) if field.repr else "",
                default=_shown(field.default) if field.repr else "",
                is_set=name in self.model_fields_set,
                is_secret=not field.repr,
            )
            for name, field in type(self).model_fields.items()
        )

    @property
    def resolved_database_url(self) -> str:
        """The address in force."""
        return self.database_url or f"sqlite:///{self.var_dir / 'matchmaker.db'}"

    @property
    def resolved_key_file(self) -> Path:
        """Where the keys of contacts are."""
        return self.key_file or self.var_dir / "keys" / "contacts.json"

    @property
    def snapshot_dir(self) -> Path:
        """Folder of the index generations."""
        return self.var_dir / "snapshots"

    @property
    def metrics_dir(self) -> Path:
        """Folder in which the workers of one server leave their figures."""
        return self.var_dir / "metrics"

    @property
    def uploads_dir(self) -> Path:
        """Folder of the files that are being imported."""
        return self.var_dir / "uploads"

    @property
    def vector_cache_dir(self) -> Path:
        """Folder of the vector cache."""
        return self.var_dir / "vector-cache"

    @property
    def dictionary_dir(self) -> Path:
        """Folder of the committed word lists."""
        return self.data_dir / "dictionaries"


def _shown(value: object) -> str:
    """A value as the environment would give it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
