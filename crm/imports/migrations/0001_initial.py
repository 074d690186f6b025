import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models
from crm.tables_at_once import TablesAtOnce


class Migration(TablesAtOnce):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('layout', models.JSONField(default=dict)),
                ('mapping', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('uploaded', 'Not checked yet'), ('checking', 'Being checked'), ('previewed', 'Checked'), ('queued', 'Waiting'), ('running', 'Running'), ('applied', 'Applied'), ('undoing', 'Being undone'), ('rolled_back', 'Undone'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='uploaded', max_length=11)),
                ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='rows')),
                ('progress', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_asked', models.BooleanField(default=False)),
                ('stats', models.JSONField(default=dict)),
                ('preview', models.JSONField(default=list)),
                ('journal', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('state__in', ['checking', 'queued', 'running', 'undoing'])), fields=['created_at'], name='import_waiting'), models.Index(fields=['author', '-created_at'], name='import_of_author')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['applied', 'undoing', 'rolled_back']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='import_applied_has_moment'), models.CheckConstraint(condition=models.Q(('state__in', ['uploaded', 'checking', 'previewed', 'queued', 'running', 'applied', 'undoing', 'rolled_back', 'failed', 'cancelled'])), name='import_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='import_failed_has_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "imports_importjobevent" ("author_id", "cancel_asked", "created_at", "error", "file_name", "finished_at", "id", "kind", "mapping", "options", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "started_at", "state", "stats", "total", "undone_by_id", "version") VALUES (NEW."author_id", NEW."cancel_asked", NEW."created_at", NEW."error", NEW."file_name", NEW."finished_at", NEW."id", NEW."kind", NEW."mapping", NEW."options", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."sha256", NEW."started_at", NEW."state", NEW."stats", NEW."total", NEW."undone_by_id", NEW."version"); RETURN NULL;', hash='bf31af624a3f11f0de13eaa42cf79638d1edbaf5', operation='INSERT', pgid='pgtrigger_insert_insert_d8b64', table='imports_importjob', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."cancel_asked" IS DISTINCT FROM (NEW."cancel_asked") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."error" IS DISTINCT FROM (NEW."error") OR OLD."file_name" IS DISTINCT FROM (NEW."file_name") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."mapping" IS DISTINCT FROM (NEW."mapping") OR OLD."options" IS DISTINCT FROM (NEW."options") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."stats" IS DISTINCT FROM (NEW."stats") OR OLD."total" IS DISTINCT FROM (NEW."total") OR OLD."undone_by_id" IS DISTINCT FROM (NEW."undone_by_id") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "imports_importjobevent" ("author_id", "cancel_asked", "created_at", "error", "file_name", "finished_at", "id", "kind", "mapping", "options", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "started_at", "state", "stats", "total", "undone_by_id", "version") VALUES (NEW."author_id", NEW."cancel_asked", NEW."created_at", NEW."error", NEW."file_name", NEW."finished_at", NEW."id", NEW."kind", NEW."mapping", NEW."options", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sha256", NEW."started_at", NEW."state", NEW."stats", NEW."total", NEW."undone_by_id", NEW."version"); RETURN NULL;', hash='658a07f5dc5f721b82751b3d89c61be6a47cfa10', operation='UPDATE', pgid='pgtrigger_update_update_7be62', table='imports_importjob', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "imports_importjobevent" ("author_id", "cancel_asked", "created_at", "error", "file_name", "finished_at", "id", "kind", "mapping", "options", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "started_at", "state", "stats", "total", "undone_by_id", "version") VALUES (OLD."author_id", OLD."cancel_asked", OLD."created_at", OLD."error", OLD."file_name", OLD."finished_at", OLD."id", OLD."kind", OLD."mapping", OLD."options", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."sha256", OLD."started_at", OLD."state", OLD."stats", OLD."total", OLD."undone_by_id", OLD."version"); RETURN NULL;', hash='66eb5664359242a98a4d8d5fbaac616bf5462451', operation='DELETE', pgid='pgtrigger_delete_delete_d917a', table='imports_importjob', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='DroppedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255, verbose_name='file')),
                ('refusal', models.TextField(blank=True, verbose_name='reason')),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='imports.importjob')),
            ],
            options={
                'verbose_name': 'file of the folder',
                'verbose_name_plural': 'files of the folder',
                'ordering': ('-found_at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('kind', 'sha256'), name='dropped_file_once'), models.CheckConstraint(condition=models.Q(('job', None), ('refusal', ''), _connector='OR'), name='dropped_file_queued_or_refused')],
            },
        ),
        migrations.CreateModel(
            name='ImportJobEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=dict)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('uploaded', 'Not checked yet'), ('checking', 'Being checked'), ('previewed', 'Checked'), ('queued', 'Waiting'), ('running', 'Running'), ('applied', 'Applied'), ('undoing', 'Being undone'), ('rolled_back', 'Undone'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='uploaded', max_length=11)),
                ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='rows')),
                ('cancel_asked', models.BooleanField(default=False)),
                ('stats', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='imports.importjob')),
                ('undone_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='8c74a7d351207ab82b0d405d79e86acee85942bb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a4a07', table='imports_importjobevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9fde5b1c8105ac10216d7964dad56244150da12a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d4943', table='imports_importjobevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='row')),
                ('raw', models.JSONField()),
                ('result', models.CharField(choices=[('refused', 'Rejected'), ('warning', 'Warning')], max_length=8)),
                ('reason', models.TextField(max_length=500, verbose_name='reason')),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='imports.importjob')),
            ],
            options={
                'verbose_name': 'import row',
                'verbose_name_plural': 'import rows',
                'ordering': ('number',),
                'indexes': [models.Index(fields=['job', 'number'], name='imports_imp_job_id_4d3c91_idx')],
            },
        ),
    ]
