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
            name='IssuedOriginal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('document', 'Document'), ('valuable', 'Valuable')], max_length=8, verbose_name='kind')),
                ('item', models.CharField(max_length=200, verbose_name='what')),
                ('number', models.CharField(blank=True, max_length=50, verbose_name='number')),
                ('issued_on', models.DateField(verbose_name='given out')),
                ('return_due', models.DateField(verbose_name='to be returned')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('returned_on', models.DateField(blank=True, null=True, verbose_name='returned')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_originals', to=settings.AUTH_USER_MODEL, verbose_name='who holds it')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given out by')),
                ('received_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'verbose_name': 'issued original',
                'verbose_name_plural': 'issued originals',
                'ordering': ('return_due', 'pk'),
                'indexes': [models.Index(condition=models.Q(('returned_on', None)), fields=['return_due', 'id'], name='original_out')],
                'constraints': [models.CheckConstraint(condition=models.Q(('item', ''), _negated=True), name='original_is_named'), models.CheckConstraint(condition=models.Q(('return_due__gte', models.F('issued_on'))), name='original_due_after_issue'), models.CheckConstraint(condition=models.Q(models.Q(('received_by', None), ('returned_on', None)), models.Q(('received_by__isnull', False), ('returned_on__isnull', False), ('returned_on__gte', models.F('issued_on')), models.Q(('received_by', models.F('holder')), _negated=True)), _connector='OR'), name='original_taken_back_by_another')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "originals_issuedoriginalevent" ("created_at", "holder_id", "id", "issued_by_id", "issued_on", "item", "kind", "note", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_by_id", "return_due", "returned_on", "version") VALUES (NEW."created_at", NEW."holder_id", NEW."id", NEW."issued_by_id", NEW."issued_on", NEW."item", NEW."kind", NEW."note", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."received_by_id", NEW."return_due", NEW."returned_on", NEW."version"); RETURN NULL;', hash='ff5d5c45bd42c990bd781c6290a178cd78f10cee', operation='INSERT', pgid='pgtrigger_insert_insert_24a5b', table='originals_issuedoriginal', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "originals_issuedoriginalevent" ("created_at", "holder_id", "id", "issued_by_id", "issued_on", "item", "kind", "note", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_by_id", "return_due", "returned_on", "version") VALUES (NEW."created_at", NEW."holder_id", NEW."id", NEW."issued_by_id", NEW."issued_on", NEW."item", NEW."kind", NEW."note", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."received_by_id", NEW."return_due", NEW."returned_on", NEW."version"); RETURN NULL;', hash='0659eeb6f7732409c639b5b585b776ca5c2084ea', operation='UPDATE', pgid='pgtrigger_update_update_dc074', table='originals_issuedoriginal', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "originals_issuedoriginalevent" ("created_at", "holder_id", "id", "issued_by_id", "issued_on", "item", "kind", "note", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_by_id", "return_due", "returned_on", "version") VALUES (OLD."created_at", OLD."holder_id", OLD."id", OLD."issued_by_id", OLD."issued_on", OLD."item", OLD."kind", OLD."note", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."received_by_id", OLD."return_due", OLD."returned_on", OLD."version"); RETURN NULL;', hash='bbbe3ccaee5101b955436a2927a512c4b62a54c0', operation='DELETE', pgid='pgtrigger_delete_delete_c531d', table='originals_issuedoriginal', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='IssuedOriginalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('document', 'Document'), ('valuable', 'Valuable')], max_length=8, verbose_name='kind')),
                ('item', models.CharField(max_length=200, verbose_name='what')),
                ('number', models.CharField(blank=True, max_length=50, verbose_name='number')),
                ('issued_on', models.DateField(verbose_name='given out')),
                ('return_due', models.DateField(verbose_name='to be returned')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('returned_on', models.DateField(blank=True, null=True, verbose_name='returned')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('holder', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who holds it')),
                ('issued_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given out by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='originals.issuedoriginal')),
                ('received_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='c7a868f159843c6461386b5f0319d945ed90ea9f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c41b6', table='originals_issuedoriginalevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e0c64704d56a01f317a6dd002ff26d899ed8a047', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_482a6', table='originals_issuedoriginalevent', when='BEFORE'))],
            },
        ),
    ]
