"""Roles and settings of the embedded PostgreSQL and Redis (crm.embedded_servers)."""

DATABASE = "klientura"
OWNER, APP = "klientura_owner", "klientura_app"
ROLES = f"""CREATE ROLE {OWNER} LOGIN NOSUPERUSER CREATEDB PASSWORD '%(owner)s';
CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '%(app)s';
GRANT {APP} TO {OWNER};
ALTER ROLE {APP} SET statement_timeout = '15s';
ALTER ROLE {APP} SET max_parallel_workers_per_gather = 0;
ALTER ROLE {APP} SET lock_timeout = '3s';
ALTER ROLE {APP} SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE postgres PASSWORD '%(postgres)s';
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # a restore replaces every table in one transaction
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",  # few checkpoints: each makes pages be logged whole once more
    "checkpoint_timeout": "15min",
}
# For tests, whose data often lives in memory.
FAST_SETTINGS = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off") | {
    "max_wal_size": "512MB",
    # Tests take back what they write: tables that are counted meanwhile look empty for good.
    "autovacuum": "off",
}
REDIS_CONF = """bind 127.0.0.1
port %(port)d
requirepass %(password)s
dir "%(directory)s"
pidfile "%(directory)s/redis.pid"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""
