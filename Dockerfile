# Casewalk as a container: no root, nothing but Python and the locked packages.
FROM python:3.11-slim

RUN useradd --system --uid 10001 --home-dir /data casewalk && install -d -o casewalk /data
WORKDIR /app
COPY requirements.lock pyproject.toml README.md ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY bot bot
COPY criteria criteria
COPY dialogs dialogs
COPY storage storage
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

USER casewalk
WORKDIR /data
VOLUME /data
ENV CASEWALK_STORE=tinydb:/data/store CASEWALK_HEARTBEAT=/tmp/casewalk-heartbeat PYTHONUNBUFFERED=1
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["casewalk", "health"]
# Ten seconds are given to finish what is at hand.
STOPSIGNAL SIGTERM
ENTRYPOINT ["casewalk"]
CMD ["serve"]
