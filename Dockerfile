# Pantau as one image: `pantau serve` answers, `pantau work` works. See docker-compose.yml.

FROM node:22-bookworm-slim AS page
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY web ./
RUN npm run build

FROM python:3.11-slim-bookworm AS environment
ENV PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements requirements
RUN /opt/venv/bin/pip install --quiet --require-hashes --only-binary :all: -r requirements/setup.txt \
    && /opt/venv/bin/uv pip install --python /opt/venv/bin/python --require-hashes -r requirements/base.txt
COPY pyproject.toml README.md LICENSE ./
COPY geo geo
COPY cases cases
COPY storage storage
COPY ingest ingest
COPY api api
COPY pantau pantau
# Editable: the rooms stay in /app with the page beside them, laid out as in the repository.
RUN /opt/venv/bin/uv pip install --python /opt/venv/bin/python --no-deps --no-build-isolation --editable . \
    && /opt/venv/bin/python -m compileall -q /app /opt/venv/lib \
    && /opt/venv/bin/pip uninstall --yes --quiet uv

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/pantau --create-home --shell /usr/sbin/nologin pantau
COPY --from=environment /opt/venv /opt/venv
COPY --from=environment /app /app
COPY --from=page /src/web/dist /app/web/dist
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PANTAU_DATA_DIR=/var/lib/pantau \
    PANTAU_HOST=0.0.0.0 \
    PANTAU_PORT=8000 \
    PANTAU_LOG_FORMAT=json
WORKDIR /var/lib/pantau
USER pantau
VOLUME /var/lib/pantau
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 CMD ["pantau", "check", "--vital"]
ENTRYPOINT ["pantau"]
CMD ["serve"]
