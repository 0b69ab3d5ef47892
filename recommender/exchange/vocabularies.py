"""Other words for the words of the domain's vocabularies, as officers and registers write them.

By word of the vocabulary, its aliases divided by blanks.
"""

from collections.abc import Mapping
from typing import Final

from recommender.domain.facts import FactIndicator, FactStatus, ResearchBodyLevel
from recommender.domain.kinds import (
    AchievementType,
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    EnterpriseNature,
    EnterpriseSize,
    ExpertCategory,
    LegalStatus,
    NeedSource,
    PlatformLevel,
    PlatformType,
    TransferMode,
    Willingness,
)

COOPERATION_MODES: Final[Mapping[str, str]] = {
    CooperationMode.DIAGNOSIS: "诊断 现场诊断",
    CooperationMode.TRAINING: "培训 技术培训",
    CooperationMode.JOINT_DEVELOPMENT: "合作开发 联合研发 联合攻关 合作研发 共同开发",
    CooperationMode.COMMISSIONED_RESEARCH: "委托开发 委托研究 技术开发委托 委托",
}
CONTRACT_TYPES: Final[Mapping[str, str]] = {
    ContractType.DEVELOPMENT: "开发 技术开发合同",
    ContractType.TRANSFER: "转让 技术转让合同",
    ContractType.LICENCE: "许可 技术许可合同",
    ContractType.CONSULTING: "咨询 技术咨询合同",
    ContractType.SERVICE: "服务 技术服务合同",
}
CONFIDENTIALITY: Final[Mapping[str, str]] = {
    Confidentiality.PUBLIC: "可公开 对外公开",
    Confidentiality.INTERNAL: "内部公开 不公开 内部资料",
    Confidentiality.CONFIDENTIAL: "保密 涉密 秘密",
}
DESIRED_PARTNERS: Final[Mapping[str, str]] = {
    DesiredPartner.EXPERT: "专家团队 人才 团队 专家人才",
    DesiredPartner.PLATFORM: "平台 实验室 检测平台",
    DesiredPartner.ACHIEVEMENT: "科技成果 技术成果 成果转让",
    DesiredPartner.INSTITUTION: "高校 院所 科研院所 高校和科研院所 大院大所",
    DesiredPartner.ENTERPRISE: "公司 企业单位",
    DesiredPartner.ANY: "均可 都可以 无要求",
}
NEED_SOURCES: Final[Mapping[str, str]] = {
    NeedSource.FILED: "企业自主申报 自主申报 申报 企业填报",
    NeedSource.VISIT: "走访企业 企业走访 走访登记",
    NeedSource.OFFICER: "科技镇长团 镇长团走访",
    NeedSource.EVENT: "对接活动 对接会 活动征集 产学研活动",
}
WILLINGNESS: Final[Mapping[str, str]] = {
    Willingness.OPEN: "愿意 接受 正常 是",
    Willingness.PAUSED: "暂不接受 暂停接单 暂停承接 暂缓",
    Willingness.DECLINED: "不愿意 不接受 拒绝接单 否",
}
EXPERT_CATEGORIES: Final[Mapping[str, str]] = {
    ExpertCategory.TECHNOLOGY: "技术类 技术专家 科技",
    ExpertCategory.MANAGEMENT: "管理类 管理专家",
    ExpertCategory.ECONOMICS: "经济类 经济专家 财务 投资",
}
PLATFORM_TYPES: Final[Mapping[str, str]] = {
    PlatformType.ENGINEERING_CENTRE: "工程中心 工程研究中心 工程技术中心 工程技术研究中心(工程中心)",
    PlatformType.ENTERPRISE_CENTRE: "技术中心",
    PlatformType.INNOVATION_CENTRE: "创新中心",
    PlatformType.NEW_RESEARCH_BODY: "新型研发机构(平台)",
    PlatformType.TESTING: "检测平台 检验检测平台 检测服务平台",
    PlatformType.PILOT: "中试平台 中试基地 中试服务平台",
    PlatformType.PUBLIC_SERVICE: "科技公共服务平台 公共技术服务平台",
    PlatformType.CONSORTIUM: "创新联合体(平台)",
}
PLATFORM_LEVELS: Final[Mapping[str, str]] = {
    PlatformLevel.NATIONAL: "国家 部级 部省级 省部级 国家级平台",
    PlatformLevel.PROVINCIAL: "省 江苏省级 省级平台",
    PlatformLevel.MUNICIPAL: "市 苏州市级 设区市级 地市级 市级平台",
    PlatformLevel.COUNTY: "县 区级 县市级 县(市)级 张家港市级 县级市",
}
ACHIEVEMENT_TYPES: Final[Mapping[str, str]] = {
    AchievementType.PAPER: "期刊论文 学术论文",
    AchievementType.PATENT: "专利成果",
    AchievementType.INVENTION: "发明",
    AchievementType.UTILITY_MODEL: "实用新型专利",
    AchievementType.DESIGN: "外观设计专利",
    AchievementType.PROJECT: "科研项目 课题 科技项目",
    AchievementType.AWARD: "奖励 科技奖励 获奖成果 奖项",
    AchievementType.STANDARD: "标准规范",
    AchievementType.CONVERSION: "转化 成果转化 成果转化案例",
    AchievementType.SOFTWARE: "软著 软件著作 计算机软件著作权",
    AchievementType.ACHIEVEMENT: "科技成果 技术成果 其他成果",
}
LEGAL_STATUSES: Final[Mapping[str, str]] = {
    LegalStatus.APPLIED: "申请 受理 已受理 审中",
    LegalStatus.PUBLISHED: "公开 公布 申请公布",
    LegalStatus.EXAMINED: "实审 在审 审查中",
    LegalStatus.GRANTED: "授权 已授权 授权有效 专利权维持 有权",
    LegalStatus.LAPSED: "无效 终止 届满 放弃 专利权终止 无权",
    LegalStatus.REJECTED: "已驳回",
    LegalStatus.WITHDRAWN: "视为撤回 主动撤回 已撤回",
}
TRANSFER_MODES: Final[Mapping[str, str]] = {
    TransferMode.TRANSFER: "技术转让 专利转让 出让",
    TransferMode.LICENCE: "技术许可 专利许可 许可使用",
    TransferMode.SHARES: "作价入股 技术入股 入股",
    TransferMode.COOPERATION: "合作转化 合作实施 合作开发",
    TransferMode.OWN_USE: "自行转化 自行实施 自行投资实施转化",
}
ENTERPRISE_SIZES: Final[Mapping[str, str]] = {
    EnterpriseSize.LARGE: "大型企业",
    EnterpriseSize.MEDIUM: "中型企业",
    EnterpriseSize.SMALL: "小型企业",
    EnterpriseSize.MICRO: "微型企业",
}
ENTERPRISE_NATURES: Final[Mapping[str, str]] = {
    EnterpriseNature.STATE: "国有企业 国企 国有控股 国有独资",
    EnterpriseNature.COLLECTIVE: "集体企业 集体所有制",
    EnterpriseNature.PRIVATE: "民营企业 民企 私营 私营企业 民营控股",
    EnterpriseNature.FOREIGN: "外资 外资企业 外商投资企业 外商独资 中外合资 合资",
    EnterpriseNature.OVERSEAS_CHINESE: "港澳台 港澳台资 港澳台商投资 港澳台投资企业",
    EnterpriseNature.MIXED: "混合所有 混合",
}
QUALIFICATIONS: Final[Mapping[str, str]] = {
    "高新技术企业": "高企 国家高新技术企业 国家级高新技术企业",
    "科技型中小企业": "科小 国家科技型中小企业 科技中小企业",
    "专精特新中小企业": "专精特新 专精特新企业",
    "省专精特新中小企业": "省专精特新 省级专精特新 省级专精特新中小企业",
    "专精特新小巨人": "小巨人 专精特新“小巨人” 专精特新“小巨人”企业 专精特新小巨人企业 国家专精特新小巨人",
    "瞪羚企业": "瞪羚",
    "独角兽": "独角兽企业",
    "潜在独角兽": "潜在独角兽企业 准独角兽",
    "上市企业": "上市 上市公司",
    "规上企业": "规上 规模以上企业 规模以上工业企业 规上工业企业",
}
CERTIFICATIONS: Final[Mapping[str, str]] = {
    "CNAS": "CNAS认可 CNAS实验室认可",
    "CMA": "CMA资质 CMA认定 CMA资质认定",
}
ASSESSMENTS: Final[Mapping[str, str]] = {
    "优秀": "优",
    "良好": "良",
    "合格": "",
    "不合格": "",
}
ROLES: Final[Mapping[str, str]] = {
    "主持": "负责人 项目负责人 主持人 第一负责人",
    "骨干": "项目骨干 课题骨干 核心成员",
    "参与": "参加 参与人 成员 参与者",
}
OWNERSHIPS: Final[Mapping[str, str]] = {
    "完成单位": "单位 单位所有 归单位所有 职务成果",
    "单位与完成人共有": "共有 共同所有",
    "完成人": "个人 个人所有 非职务成果",
    "多家单位共有": "单位共有 合作单位共有",
}
FACT_INDICATORS: Final[Mapping[str, str]] = {
    FactIndicator.REVENUE: "营收 销售收入 年营业收入 营业收入(万元)",
    FactIndicator.TOTAL_INCOME: "收入总额 年总收入 总收入(万元)",
    FactIndicator.HIGH_TECH_INCOME: "高新技术产品收入 高新收入 高新技术产品(服务)收入 高新产品收入(万元)",
    FactIndicator.RESEARCH_SPENDING: "研发投入 研究开发费用 研发费用金额 研发费用总额 研发费用(万元)",
    FactIndicator.DOMESTIC_RESEARCH_SPENDING: "境内研发费用(万元) 境内研究开发费用 中国境内研发费用",
    FactIndicator.COSTS: "成本费用总额 成本费用支出总额 成本费用(万元)",
    FactIndicator.TAX_RELIEF: "加计扣除所得税减免额 研发费用加计扣除减免税额 加计扣除减免额",
    FactIndicator.NET_PROFIT: "净利润(万元) 税后利润",
    FactIndicator.NET_ASSETS: "净资产总额 净资产(万元) 所有者权益",
    FactIndicator.TOTAL_ASSETS: "总资产 资产总计 资产总额(万元)",
    FactIndicator.TECHNOLOGY_CONTRACTS: "技术合同额 技术合同成交金额 技术合同成交额(万元)",
    FactIndicator.VENTURE_CAPITAL: "获得风险投资金额 风险投资金额 风投 风险投资(万元)",
    FactIndicator.STAFF: "职工 职工总数 员工人数 职工人数(人)",
    FactIndicator.RESEARCHERS: "科技人员数 科技人员人数 科技人员(人)",
    FactIndicator.POSTGRADUATES: "研究生以上人数 研究生及以上 研究生以上学历 研究生以上(人)",
    FactIndicator.NEW_GRADUATES: "应届毕业生 吸纳应届毕业生 应届生(人)",
    FactIndicator.CLASS_ONE_RIGHTS: "一类知识产权 1类知识产权 Ⅰ类 Ⅰ类知识产权(件)",
    FactIndicator.CLASS_TWO_RIGHTS: "二类知识产权 2类知识产权 Ⅱ类 Ⅱ类知识产权(件)",
    FactIndicator.INVENTION_APPLICATIONS: "发明专利申请数 发明申请 主营相关发明专利申请 发明专利申请(件)",
    FactIndicator.PCT_APPLICATIONS: "PCT PCT专利申请 主营相关PCT申请 PCT申请数 PCT申请(件)",
    FactIndicator.STANDARDS: "参与制定标准 主导或参与制定标准 标准制定 制定标准(项)",
    FactIndicator.CONVERSIONS: "科技成果转化 成果转化数 成果转化(项)",
    FactIndicator.RESEARCH_BODY_LEVEL: "研发机构等级",
    FactIndicator.RESEARCH_BODIES: "省级以上研发机构 省级以上研发创新平台 研发平台 省级以上研发平台(个)",
    FactIndicator.UNIVERSITY_PROJECTS: "产学研 产学研合作项目 产学研合作 产学研项目(项)",
    FactIndicator.AWARDS: "奖励 省级以上科技奖励 科技奖励(项)",
    FactIndicator.PROGRAMMES: "计划项目 省级以上科技计划项目 科技计划项目(项)",
    FactIndicator.ACCIDENTS: "事故 重大安全事故 重大事故(起)",
}
FACT_STATUSES: Final[Mapping[str, str]] = {
    FactStatus.CONFIRMED: "确认 已核实 核实",
    FactStatus.CONFLICT: "冲突 不一致 存疑",
    FactStatus.MISSING: "缺 未填报 无数据",
}
RESEARCH_BODY_LEVELS: Final[Mapping[str, str]] = {
    ResearchBodyLevel.NONE: "没有 未建",
    ResearchBodyLevel.OWN: "自建 企业级",
    ResearchBodyLevel.COUNTY: "县市级 张家港市级 县(市)级",
    ResearchBodyLevel.MUNICIPAL: "设区市级 苏州市级 地市级",
    ResearchBodyLevel.PROVINCIAL: "省 江苏省级",
    ResearchBodyLevel.NATIONAL: "国家",
}
