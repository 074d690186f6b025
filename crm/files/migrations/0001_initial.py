import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models
from crm.tables_at_once import TablesAtOnce
from crm.tables_at_once import TablesAtOnce


class Migration(TablesAtOnce):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('owner_kind', models.CharField(max_length=30)),
                ('owner_id', models.PositiveBigIntegerField()),
                ('kind', models.CharField(choices=[('contract', 'Contract'), ('addendum', 'Addendum, specification'), ('primary', 'Invoice, waybill, act'), ('reconciliation', 'Act of reconciliation'), ('claim', 'Claim, answer'), ('authority', 'Power of attorney, order'), ('registration', 'Registration papers'), ('letter', 'Letter'), ('photo', 'Photo'), ('other', 'Other')], default='other', max_length=14, verbose_name="document type")),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('jpg', 'JPG'), ('png', 'PNG'), ('xlsx', 'XLSX'), ('docx', 'DOCX'), ('csv', 'CSV')], max_length=4, verbose_name='format')),
                ('size', models.PositiveBigIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64, verbose_name='checksum')),
                ('received_sha256', models.CharField(max_length=64)),
                ('chain', models.UUIDField(default=uuid.uuid4)),
                ('number', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('is_latest', models.BooleanField(default=True)),
                ('sender', models.CharField(blank=True, max_length=254, verbose_name='sent by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('put_aside_at', models.DateTimeField(blank=True, null=True, verbose_name='put aside')),
                ('put_aside_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                ('put_aside_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put aside by')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['owner_kind', 'owner_id', '-created_at'], name='attachment_of_record'), models.Index(fields=['author', 'created_at'], name='attachment_of_author')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='attachment_version_once'), models.UniqueConstraint(condition=models.Q(('is_latest', True)), fields=('chain',), name='attachment_one_latest'), models.CheckConstraint(condition=models.Q(models.Q(('put_aside_at', None), ('put_aside_by', None), ('put_aside_reason', '')), models.Q(('is_latest', True), ('put_aside_at__isnull', False), ('put_aside_by__isnull', False), models.Q(('put_aside_reason', ''), _negated=True)), _connector='OR'), name='attachment_aside_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('author__isnull', False), ('sender', '')), models.Q(('author', None), models.Q(('sender', ''), _negated=True)), _connector='OR'), name='attachment_author_or_sender'), models.CheckConstraint(condition=models.Q(('number__gt', 0), ('size__gt', 0)), name='attachment_has_size_and_number'), models.CheckConstraint(condition=models.Q(('format__in', ['pdf', 'jpg', 'png', 'xlsx', 'docx', 'csv'])), name='attachment_format_known')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_attachmentevent" ("author_id", "chain", "created_at", "format", "id", "key", "kind", "name", "number", "owner_id", "owner_kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "put_aside_at", "put_aside_by_id", "put_aside_reason", "received_sha256", "sender", "sha256", "size") VALUES (NEW."author_id", NEW."chain", NEW."created_at", NEW."format", NEW."id", NEW."key", NEW."kind", NEW."name", NEW."number", NEW."owner_id", NEW."owner_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."put_aside_at", NEW."put_aside_by_id", NEW."put_aside_reason", NEW."received_sha256", NEW."sender", NEW."sha256", NEW."size"); RETURN NULL;', hash='06e90180d4241d63899a906a75639ca4f201ec78', operation='INSERT', pgid='pgtrigger_insert_insert_db742', table='files_attachment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."chain" IS DISTINCT FROM (NEW."chain") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."owner_kind" IS DISTINCT FROM (NEW."owner_kind") OR OLD."put_aside_at" IS DISTINCT FROM (NEW."put_aside_at") OR OLD."put_aside_by_id" IS DISTINCT FROM (NEW."put_aside_by_id") OR OLD."put_aside_reason" IS DISTINCT FROM (NEW."put_aside_reason") OR OLD."received_sha256" IS DISTINCT FROM (NEW."received_sha256") OR OLD."sender" IS DISTINCT FROM (NEW."sender") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size"))', func='INSERT INTO "files_attachmentevent" ("author_id", "chain", "created_at", "format", "id", "key", "kind", "name", "number", "owner_id", "owner_kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "put_aside_at", "put_aside_by_id", "put_aside_reason", "received_sha256", "sender", "sha256", "size") VALUES (NEW."author_id", NEW."chain", NEW."created_at", NEW."format", NEW."id", NEW."key", NEW."kind", NEW."name", NEW."number", NEW."owner_id", NEW."owner_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."put_aside_at", NEW."put_aside_by_id", NEW."put_aside_reason", NEW."received_sha256", NEW."sender", NEW."sha256", NEW."size"); RETURN NULL;', hash='9a08ee53fed1843277ae384342f542176677bf62', operation='UPDATE', pgid='pgtrigger_update_update_3aaf4', table='files_attachment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "files_attachmentevent" ("author_id", "chain", "created_at", "format", "id", "key", "kind", "name", "number", "owner_id", "owner_kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "put_aside_at", "put_aside_by_id", "put_aside_reason", "received_sha256", "sender", "sha256", "size") VALUES (OLD."author_id", OLD."chain", OLD."created_at", OLD."format", OLD."id", OLD."key", OLD."kind", OLD."name", OLD."number", OLD."owner_id", OLD."owner_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."put_aside_at", OLD."put_aside_by_id", OLD."put_aside_reason", OLD."received_sha256", OLD."sender", OLD."sha256", OLD."size"); RETURN NULL;', hash='9d5055cc4ab7f613e85325c54c428f52c922a949', operation='DELETE', pgid='pgtrigger_delete_delete_6082f', table='files_attachment', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AttachmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('owner_kind', models.CharField(max_length=30)),
                ('owner_id', models.PositiveBigIntegerField()),
                ('kind', models.CharField(choices=[('contract', 'Contract'), ('addendum', 'Addendum, specification'), ('primary', 'Invoice, waybill, act'), ('reconciliation', 'Act of reconciliation'), ('claim', 'Claim, answer'), ('authority', 'Power of attorney, order'), ('registration', 'Registration papers'), ('letter', 'Letter'), ('photo', 'Photo'), ('other', 'Other')], default='other', max_length=14, verbose_name="document type")),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('jpg', 'JPG'), ('png', 'PNG'), ('xlsx', 'XLSX'), ('docx', 'DOCX'), ('csv', 'CSV')], max_length=4, verbose_name='format')),
                ('size', models.PositiveBigIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64, verbose_name='checksum')),
                ('received_sha256', models.CharField(max_length=64)),
                ('chain', models.UUIDField(default=uuid.uuid4)),
                ('number', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('sender', models.CharField(blank=True, max_length=254, verbose_name='sent by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('put_aside_at', models.DateTimeField(blank=True, null=True, verbose_name='put aside')),
                ('put_aside_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('author', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='files.attachment')),
                ('put_aside_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put aside by')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='29e2eabc09b64896c5d06e66da7226021f429fdc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_244ff', table='files_attachmentevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9d4633e11d6b85fa598232c76169776dbcf64b22', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_771c0', table='files_attachmentevent', when='BEFORE'))],
            },
        ),
    ]
