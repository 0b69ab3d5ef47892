"""The documentation page: Swagger UI from the installed wheel, nothing from another host."""

import json
from html import escape
from importlib.resources import files
from typing import Final

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.messages import DOCS_NO_SCRIPT
from api.security.headers import DOCS_PATH

ASSETS_PATH: Final = f"{DOCS_PATH}/assets"
START_PATH: Final = f"{DOCS_PATH}/start.js"

_PAGE: Final = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{assets}/favicon.png">
<link rel="stylesheet" href="{assets}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>{no_script} <a href="{openapi}">{openapi}</a></noscript>
<script src="{assets}/swagger-ui-bundle.js"></script>
<script src="{start}"></script>
</body>
</html>
"""

# A file of its own, since the content security policy admits no inline script. `validatorUrl: null` because
# Swagger UI would otherwise send the document's address to a public validator.
_START: Final = """\
SwaggerUIBundle({options});
"""


def install_docs(app: FastAPI) -> None:
    """Serve the page and its assets under ``/docs``."""
    page = _PAGE.format(
        title=escape(app.title),
        assets=ASSETS_PATH,
        openapi=app.openapi_url,
        start=START_PATH,
        no_script=DOCS_NO_SCRIPT,
    )
    options = json.dumps(
        {
            "url": app.openapi_url,
            "dom_id": "#swagger-ui",
            "deepLinking": True,
            "validatorUrl": None,
            "defaultModelsExpandDepth": 0,
            "displayRequestDuration": True,
        }
    )
    start = _START.format(options=options)

    @app.get(DOCS_PATH, include_in_schema=False)
    async def docs_page() -> HTMLResponse:
        return HTMLResponse(page)

    @app.get(START_PATH, include_in_schema=False)
    async def docs_start() -> Response:
        return Response(start, media_type="text/javascript")

    app.mount(ASSETS_PATH, StaticFiles(directory=str(files("fastapi_offline") / "static")), name="docs-assets")
