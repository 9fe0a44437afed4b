#!/usr/bin/env bash
# The gateway as scripts/serve starts it, at a sandbox that is somebody else's: one that does not end with supervisord, and
# is no part of what is measured. SANDBOX_URL, SANDBOX_CA_FILE and SANDBOX_ROOT_KEY_FILE say where it is.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/environment"
cd "$ROOT"
use_node
use_installation sandbox
export START_SANDBOX=false
become_supervisord
