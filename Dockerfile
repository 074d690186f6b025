# Two stages: the first installs and collects static files, the second only runs them.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt
COPY manage.py ./
COPY crm ./crm
COPY clients ./clients
COPY deals ./deals
COPY claims ./claims
COPY reports ./reports
COPY templates ./templates
COPY static ./static
COPY locale ./locale
COPY docker/healthcheck.py ./docker/healthcheck.py
# The key serves this one command and stays in no layer.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q crm clients deals claims reports

FROM python:3.11-slim-bookworm
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/data
RUN useradd --system --uid 10001 --home-dir /app --no-create-home klientura \
    && mkdir /data && chown klientura /data
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER klientura
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "crm.wsgi", "--config", "crm/gunicorn.py"]
