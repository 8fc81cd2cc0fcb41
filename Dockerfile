# One image for web, worker, beat, post and migrate; compose.yaml says which. Everything comes as wheels from the
# hashed lock, so nothing is compiled and no compiler is ever in here.
FROM python:3.13-slim-trixie AS built
WORKDIR /app
COPY requirements.lock .
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
ENV PATH=/venv/bin:$PATH BOSAI_STATIC=/app/collected
RUN python -m compileall -q /app \
    && BOSAI_STATE=/tmp/build python manage.py collectstatic --no-input --verbosity 0

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --home-dir /state --create-home bosai
COPY --from=built /venv /venv
COPY --from=built /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BOSAI_STATE=/state \
    BOSAI_STATIC=/app/collected \
    BOSAI_BIND=0.0.0.0 \
    PORT=8000
USER 10001
VOLUME /state
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "bosai.programs", "web"]
