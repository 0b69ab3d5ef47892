"""Sentences of the errors of personal."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "personal.consent_basis": "请写明依据（本人怎样表示的），不超过 {basis} 个字；证据的存放处不超过 {evidence} 个字。",
    "personal.reveal_kind": "“{kind}”没有可以查看的个人信息。可选：{allowed}。",
    "personal.purpose": "查看完整信息要写明用途，请写 {minimum} 到 {maximum} 个字，例如：邀请专家参加 12 月的技术对接会。",
    "personal.erasure_reason": "请写明依据（例如：本人 2026 年 11 月 28 日来信要求），不超过 {maximum} 个字。",
    "personal.erasure_confirm": "输入的编号与“{id}”不一致，没有删除。请照着输入编号，确认要删除的是这位专家。",
    "personal.consent_choice": "没有选择事项或意愿。请各选一项再登记。",
    "personal.certificate_not_found": "没有编号为“{id}”的删除证明。请用 matchmaker persons certificates 核对编号。",
    "personal.no_contact": "这次对接的对象不是专家，没有可以提供的联系方式。请通过平台或成果的单位联系。",
    "personal.not_agreed": "双方还没有都表示同意，不能提供联系方式。请先完成企业与专家的答复。",
    "personal.no_contact_consent": "专家没有同意提供联系方式。请先征得本人同意并登记，再查看。",
    "personal.key_missing": "没有找到联系方式的密钥文件 {place}，无法读写联系方式，其他内容不受影响。"
    "请把原来的密钥文件放回原处；新的资源库请运行 matchmaker init 生成。",
    "personal.contact_sealed": "联系方式已加密，现有的密钥打不开它，没有写出。"
    "请放回原来的密钥文件（设置 MATCHMAKER_KEY_FILE）后重试；其他内容不受影响。",
    "personal.key_unreadable": "密钥文件 {place} 无法读取或内容不完整。请核对权限，或用备份恢复该文件。",
    "personal.key_exists": "密钥文件 {place} 已经存在，没有改动。请用 matchmaker keys rotate 更换密钥。",
    "personal.key_not_writable": "无法写入密钥文件 {place}。请确认当前用户可以写入它所在的文件夹。",
}
