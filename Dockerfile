# One image for every role: the command chooses ("-m shared.web.run …", "-m shared.bus.run …", …).
# It holds no database server and no tools for developers; requirements-run.lock says exactly what it holds.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/yizhan
COPY requirements-run.lock ./
RUN /opt/yizhan/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements-run.lock
# adapters are found by their entry points, so these small projects are installed and not only copied
COPY adapters adapters
RUN for project in adapters/*/pyproject.toml; do \
        /opt/yizhan/bin/pip install --no-deps --no-build-isolation --no-index "./$(dirname "$project")" || exit 1; \
    done \
    && /opt/yizhan/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="yizhan" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 yizhan \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin yizhan \
    && install -d -m 1777 /store
ENV PATH=/opt/yizhan/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/yizhan /opt/yizhan
WORKDIR /app
COPY LICENSE NOTICE ./
COPY profiles profiles
COPY shared shared
COPY services services
COPY deploy deploy
RUN python -m compileall -q shared services deploy
USER 10001:10001
EXPOSE 8700 9000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "deploy.container.health"]
ENTRYPOINT ["python"]
CMD ["-m", "deploy.container", "--help"]
