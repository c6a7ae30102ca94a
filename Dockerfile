# A worker of runs on Temporal, see docs/operating.md. The project itself is not in it: each container clones it.
FROM python:3.12.14-slim-trixie@sha256:2f17fc044b579bab302c2e8054d3a686e2cb9a83de48e70534b94cd8ebbe06a9 AS build
WORKDIR /source
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/timeweave/bin:$PATH
COPY pyproject.toml README.md LICENSE ./
COPY locks locks
COPY timeweave timeweave
RUN python -m venv /opt/timeweave \
    && locks/install run .

FROM python:3.12.14-slim-trixie@sha256:2f17fc044b579bab302c2e8054d3a686e2cb9a83de48e70534b94cd8ebbe06a9
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 timeweave \
    && install -d -o timeweave -g timeweave /project /cache /archive \
    && git config --system safe.directory /project
COPY --from=build /opt/timeweave /opt/timeweave
COPY --chmod=755 docker/start /usr/local/bin/timeweave-start
# VIRTUAL_ENV is where the stages' ./python looks; compiled files beside the code would make a stage look changed.
ENV VIRTUAL_ENV=/opt/timeweave PATH=/opt/timeweave/bin:$PATH TIMEWEAVE_CACHE=/cache TIMEWEAVE_ARCHIVE=/archive \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DVC_NO_ANALYTICS=1
USER timeweave
WORKDIR /project
ENTRYPOINT ["timeweave-start"]
CMD ["worker"]
