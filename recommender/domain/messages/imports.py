"""Sentences of imports in steps."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "import.job_not_found": "没有这次导入，或它已被放弃。请在导入列表中查看，或重新上传文件。",
    "import.job_state": "“{name}”现在的状态是“{state}”，无法进行这一步。请刷新页面，按当前的状态继续。",
    "import.job_overtaken": "这次导入在处理时被放弃或重新开始，没有写入任何内容。请刷新页面查看现在的状态。",
    "import.kind_missing": "没有选择数据种类。请先选择文件里是哪一类数据。",
    "import.upload_missing": "没有选择文件。请选择一个 .xlsx 或 CSV 文件。",
    "import.upload_too_large": "文件 {name} 超过上限 {maximum} MB，没有保存。请拆成几个文件分别导入，或请管理员在服务器上导入。",
    "import.upload_gone": "文件 {name} 已不再保存，库中没有改动。请重新上传。",
    "import.upload_not_kept": "无法保存上传的文件。请稍后重试；若再次出现，请联系管理员检查磁盘空间。",
    "import.too_many_jobs": "还没有完成的导入已有 {maximum} 个。请先完成或放弃其中一些。",
    "import.queue_full": "等待处理的导入太多，这一步没有开始。请稍后重试。",
    "import.rows_refused": "检查之后资源库有了变化，文件中有 {n} 行不能写入，库中没有改动。请重新检查。",
    "import.task_broken": "处理这个文件时出现意外错误，库中没有改动。请重试；若再次出现，请联系管理员查看日志。",
    "import.owner_gone": "上传这个文件的账号已不存在，库中没有改动。请用现在的账号重新上传。",
    "import.no_annotated": "没有标注过的工作簿：文件中没有错误和提示，或已到期删除。请重新检查文件。",
}
