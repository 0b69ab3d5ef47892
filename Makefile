# 双面绣：常用命令。make help 列出全部。
VENV := .venv
PYTHON ?= python3.11
BIN := $(VENV)/bin
# torch 的 CPU 版须先装，否则会拉取数 GB 的显卡组件；可用 make TORCH=... 换成其他来源。
TORCH ?= torch==2.13.0
SHARED ?= ../shared
REAL_KIT ?= $(SHARED)/data/real
MODEL_WORK ?= var/model
DEV_SETS ?= $(SHARED)/data/eval/ccf-dev $(SHARED)/data/eval/finding-dev

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint screenshots reliability bench bench-city bench-nightly bench-load quality model clean

help: ## 列出全部命令
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "找不到 $(PYTHON)。请安装 Python 3.11，或用 make PYTHON=路径 指定。"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "安装依赖（首次约三分钟，主要是下载）……"
	@$(BIN)/pip install --quiet --disable-pip-version-check "$(TORCH)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev,training]'
	@touch $@

# 网页测试用的浏览器与中文字体；装不上时相应的测试会跳过并说明原因。
$(VENV)/.installed-browser: $(VENV)/.installed-dev
	@command -v chromium >/dev/null && fc-list :lang=zh-cn 2>/dev/null | grep -q . \
		|| { echo "安装 Chromium 与中文字体……"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium chromium-l10n fonts-wqy-microhei fontconfig >/dev/null; } \
		|| echo "未能安装 Chromium 或中文字体：网页测试将跳过。请安装 chromium 与 fonts-wqy-microhei 后再运行 make test。"
	@touch $@

demo: $(VENV)/.installed ## 用样例走一遍：安装、导入、建索引、匹配、展示
	@$(BIN)/matchmaker demo

serve: $(VENV)/.installed ## 启动网页、接口与文档（只监听本机）
	@$(BIN)/matchmaker serve

test: $(VENV)/.installed-dev $(VENV)/.installed-browser ## 安装测试所需并运行全部测试与检查
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "格式不统一，请运行 .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-dev ## 只做静态检查：ruff、mypy、分层
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "格式不统一，请运行 .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screenshots: $(VENV)/.installed-browser ## 给每个页面拍照（浅色与深色、电脑与手机）到 docs/screenshots
	@$(BIN)/python -m tests.console.screenshots docs/screenshots

reliability: $(VENV)/.installed-dev ## 夜间批次与服务进程被强行终止几十次、八个进程同时启动等情形下，结果是否不变、已答复的写入是否都在；接口是否处处与其说明一致
	@NIGHT_KILLS=30 $(BIN)/pytest tests/crash/test_night_kill.py
	@SERVER_KILLS=50 $(BIN)/pytest -s tests/crash/test_server_kill.py
	@CONTRACT_EXAMPLES=100 $(BIN)/pytest tests/http/test_contract.py
	@REVIEW_ACTIONS=5000 REVIEW_EXAMPLES=5 $(BIN)/pytest tests/crash/test_reviewers.py tests/review/test_machines.py

bench: $(VENV)/.installed-dev ## 在真实数据上测量：导入、建索引、匹配、接口延迟、每个网页的用时与大小
	@$(BIN)/python -m tests.benchmarks.real_kit --data $(REAL_KIT)

bench-city: $(VENV)/.installed-dev ## 生成合成城市并导入 SQLite 与 PostgreSQL，度量时间与内存
	@$(BIN)/python -m tests.benchmarks.city

bench-load: $(VENV)/.installed-dev ## 真实数据上的匹配接口：平时与十倍负载下的速率、用时、内存与恢复（约三分钟，另加导入与建索引）
	@$(BIN)/python -m tests.benchmarks.load --data $(REAL_KIT) --workers 2 --set match_slots=1 --set match_queue=4

bench-nightly: $(VENV)/.installed-dev ## 合成城市的夜间批次：冷、热、无变化三夜，名额分配的代价，用时随规模的增长（约一小时）
	@$(BIN)/python -m tests.benchmarks.nightly

quality: $(VENV)/.installed-dev ## 在测试集上度量匹配质量，更新 docs/evaluation.md 的表
	@$(BIN)/python -m tests.benchmarks.quality $(addprefix --dataset ,$(DEV_SETS))

model: $(VENV)/.installed-dev ## 由基础模型训练、减层、量化出随程序发布的模型（双核约两小时，可中断续跑）
	@$(BIN)/python -m embeddings.training.build $(SHARED)/models/e5-small-zh $(MODEL_WORK)/default --work $(MODEL_WORK) \
		--papers $(SHARED)/data/real/achievements_papers.csv --abstracts $(SHARED)/data/csl_dev.jsonl \
		$(foreach set,$(DEV_SETS),--held-out $(set)/queries.jsonl)
	@$(BIN)/python -m embeddings.training.export $(SHARED)/models/e5-small-zh $(MODEL_WORK)/base
	@for set in $(DEV_SETS); do for encoder in base default; do \
		$(BIN)/matchmaker evaluate $$set --encoder $(MODEL_WORK)/$$encoder --run-out $(MODEL_WORK)/$$encoder.run; done; \
		$(BIN)/matchmaker evaluate compare $(MODEL_WORK)/base.run $(MODEL_WORK)/default.run; done

clean: ## 删除虚拟环境与缓存（不动 var/ 里的数据）
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
