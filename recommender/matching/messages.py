"""zh-CN sentences of explanations."""

from typing import Final

REASONS: Final[dict[str, str]] = {
    "evidence.shared_words": "{label}《{title}》与{asked}共同涉及：{words}",
    "evidence.meaning": "{label}《{title}》与{asked}内容相近（用词不同，按语义判断）",
    "profile.shared_words": "{label}写明：{words}",
    "profile.meaning": "{label}与{asked}内容相近（用词不同，按语义判断）",
    "evidence.several": "另有 {count} 项依据也与{asked}相关",
    "industry_chain.same": "产业链一致：{value}",
    "cooperation_mode.accepted": "接受“{value}”",
    "region.same_city": "同在{value}，便于上门",
    "freshness.recent": "{year} 年仍有相关成果",
    "maturity.enough": "成熟度 TRL {value}，达到期望",
}

ASKED: Final = "需求"
ASKED_OF_ACHIEVEMENT: Final = "此成果"
"""What sentences call what was asked with."""

GAPS: Final[dict[str, str]] = {
    "words.uncovered": "依据中未直接提到：{words}",
    "text.weak": "与{asked}的相近程度偏低，请先人工核对",
    "industry_chain.differs": "产业链不同：对方为{value}",
    "cooperation_mode.refused": "未表示接受“{value}”",
    "maturity.short": "成熟度 TRL {value}，低于期望的 TRL {wanted}",
}

ADVICE: Final[dict[str, str]] = {
    "nobody_close": "资源库中可能还没有用得上此成果的{kind}：下列结果的相近程度都偏低。可以补充成果的应用行业与关键词，或扩充资源库后再试。",
    "nothing_close": "资源库中可能还没有适合这条需求的{kind}：下列结果的相近程度都偏低。可以补充需求的工艺、材料与指标，或扩充资源库后再试。",
}

PART_LABELS: Final[dict[str, str]] = {
    "text": "内容相近",
    "industry_chain": "产业链",
    "cooperation_mode": "合作方式",
    "region": "地域",
    "maturity": "成熟度",
    "freshness": "成果新近",
}
