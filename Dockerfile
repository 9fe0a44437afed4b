# The bridge is compiled where there is a compiler, and runs where there is none.
FROM node:24-bookworm-slim AS bridge
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --ignore-scripts
COPY bridge bridge
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM python:3.12-slim-bookworm
WORKDIR /app
COPY requirements requirements
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/uv.lock \
 && .venv/bin/uv pip install --no-cache --python .venv/bin/python --require-hashes -r requirements/run.lock \
 && useradd --uid 10001 --create-home gateway \
 && install -d -m 700 -o gateway -g gateway /data
COPY --from=bridge /usr/local/bin/node .venv/node/bin/node
COPY --from=bridge /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s /usr/local/lib/node_modules/npm/bin/npm-cli.js .venv/node/bin/npm
COPY --from=bridge /app/node_modules node_modules
COPY --from=bridge /app/build build
COPY package.json supervisord.conf ./
COPY bridge/contract bridge/contract
COPY scripts scripts
COPY control control
USER gateway
ENV DATA_DIR=/data RUN_DIR=/data/run PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD [".venv/bin/python", "scripts/pair.py", "--api", "http://127.0.0.1:3000", "--probe"]
CMD ["scripts/container"]
