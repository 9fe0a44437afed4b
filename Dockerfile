# The bridge is compiled where there is a compiler, and runs where there is none.
FROM node:24-bookworm-slim AS bridge
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --ignore-scripts
COPY bridge bridge
RUN npm run build && npm prune --omit=dev

FROM python:3.12-slim-bookworm AS packages
WORKDIR /app
COPY requirements requirements
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/uv.lock \
 && .venv/bin/uv pip install --no-cache --compile-bytecode --python .venv/bin/python --require-hashes -r requirements/run.lock \
 && .venv/bin/python -m pip uninstall --yes --no-cache-dir uv pip

FROM python:3.12-slim-bookworm
# Debian's ffmpeg has libx264, libopus and aac. flock and setpriv (util-linux) are part of the base.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home gateway \
 && install -d -m 700 -o gateway -g gateway /data
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY --from=bridge /usr/local/bin/node .venv/node/bin/node
COPY --from=bridge /app/node_modules node_modules
COPY --from=bridge /app/build/bridge build/bridge
COPY package.json supervisord.conf LICENSE THIRD_PARTY.md THIRD_PARTY_NOTICES.txt ./
COPY scripts scripts
COPY control control
# The root file system is read only in the end, so nothing could be compiled later.
RUN .venv/bin/python -m compileall -q control scripts
USER 10001
ENV DATA_DIR=/data RUN_DIR=/data/run PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["sh", "-c", "exec .venv/bin/python scripts/pair.py --api http://127.0.0.1:${PORT:-3000} --probe"]
# With --sandbox after it: the WhatsApp sandbox instead of WhatsApp.
ENTRYPOINT ["scripts/container"]
