"""Sentences of requests as such: pages, versions, limits."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "page.cursor": "翻页标记 cursor 无法识别，或与当前的排序方式不符。请从第一页重新开始，不要改动服务返回的 next_cursor。",
    "page.sort": "不能按“{sort}”排序。可选：{known}（前面加 - 为倒序）。",
    "version.missing": "请在请求头 If-Match 中填写读取时所得的 ETag，以免覆盖别人的修改。",
    "version.malformed": '请求头 If-Match 的写法不对。请原样填写读取时所得的 ETag，例如 "3"（带双引号，只写一个）。',
    "version.outdated": "内容已被别人改过（当前为第 {version} 版）。请重新读取，确认后再提交。",
    "request.too_many": "请求过于频繁。请在 {retry_after_s} 秒后重试。",
    "idempotency.key": "请求头 Idempotency-Key 的写法不对。请使用随机的 UUID（16 到 128 个字母、数字、连字符或下划线）。",
    "idempotency.other_request": "这个 Idempotency-Key 已用于内容不同的请求。请为新的请求换一个。",
    "idempotency.running": "同一 Idempotency-Key 的请求正在处理。请稍后用同样的内容再发一次，取得它的答复。",
    "idempotency.answer_not_kept": "同一 Idempotency-Key 的请求已经生效，但它的答复没有保存（含有密钥或个人信息，或在答复前中断）。请读取当前状态确认，不要重新提交。",
    "idempotency.overtaken": "这个请求处理得太久，已由另一次尝试接手，本次没有做任何改动。请用同一 Idempotency-Key 再发一次，取得答复。",
    "request.overloaded": "服务正忙，这个请求没有开始处理。请稍后重试。",
    "request.deadline": "这个请求没有在规定的时间内处理完，已停止。请稍后重试。",
    "form.number": "“{label}”应为数字，写的是“{text}”。请改正后再提交。",
    "form.whole": "“{label}”应为整数，写的是“{text}”。请改正后再提交。",
    "form.day": "“{label}”应为日期，写作 2026-01-31，现在写的是“{text}”。请改正后再提交。",
    "form.choice": "“{label}”不能是“{text}”。可选：{known}。",
    "form.missing": "“{label}”还没有填写。请补充后再提交。",
    "form.negative": "“{label}”不能小于零。请改正后再提交。",
    "form.too_long": "“{label}”最多 {maximum:,} 个字，写了 {n:,} 个。请缩短后再提交。",
    "form.version": "页面没有说明要修改的是哪一版。请刷新页面后再试。",
}
