import django.db.models.constraints
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models
from crm.tables_at_once import TablesAtOnce
from crm.tables_at_once import TablesAtOnce


class Migration(TablesAtOnce):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('assignments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('briefing', 'Briefing'), ('meeting', 'Meeting')], max_length=8, verbose_name='kind')),
                ('topic', models.CharField(max_length=200, verbose_name='topic')),
                ('held_at', models.DateTimeField(verbose_name='day and time')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('signed', 'Minutes signed'), ('cancelled', 'Cancelled')], default='planned', max_length=9, verbose_name='state')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed at')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='why cancelled')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('called_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='called by')),
                ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chaired_meetings', to=settings.AUTH_USER_MODEL, verbose_name='chair')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='accounts.orgunit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'meeting',
                'verbose_name_plural': 'meetings',
                'ordering': ('-held_at', '-pk'),
                'indexes': [models.Index(fields=['-held_at', '-id'], name='meeting_by_day'), models.Index(fields=['unit', 'kind', '-held_at'], name='meeting_of_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('topic', ''), _negated=True), name='meeting_has_topic'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', False), ('signed_by__isnull', False), ('state', 'signed')), models.Q(models.Q(('state', 'signed'), _negated=True), ('signed_at', None), ('signed_by', None)), _connector='OR'), name='meeting_signed_has_signature'), models.CheckConstraint(condition=models.Q(('signed_by', None), ('signed_by', models.F('chair')), _connector='OR'), name='meeting_signed_by_chair'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), models.Q(('cancel_reason', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancel_reason', '')), _connector='OR'), name='meeting_cancelled_has_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='minutes_are_locked', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state = 'signed')", func="RAISE EXCEPTION 'minutes that are signed do not change' USING ERRCODE = 'check_violation';", hash='4afb5243eaa2942b8996cb883d00a14ab9725106', operation='UPDATE OR DELETE', pgid='pgtrigger_minutes_are_locked_8282d', table='meetings_meeting', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_meetingevent" ("called_by_id", "cancel_reason", "chair_id", "created_at", "held_at", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "signed_at", "signed_by_id", "state", "topic", "unit_id", "version") VALUES (NEW."called_by_id", NEW."cancel_reason", NEW."chair_id", NEW."created_at", NEW."held_at", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place", NEW."signed_at", NEW."signed_by_id", NEW."state", NEW."topic", NEW."unit_id", NEW."version"); RETURN NULL;', hash='0f91b5ce3a5af0695c920bc5783edc311e50c957', operation='INSERT', pgid='pgtrigger_insert_insert_61d9e', table='meetings_meeting', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "meetings_meetingevent" ("called_by_id", "cancel_reason", "chair_id", "created_at", "held_at", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "signed_at", "signed_by_id", "state", "topic", "unit_id", "version") VALUES (NEW."called_by_id", NEW."cancel_reason", NEW."chair_id", NEW."created_at", NEW."held_at", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place", NEW."signed_at", NEW."signed_by_id", NEW."state", NEW."topic", NEW."unit_id", NEW."version"); RETURN NULL;', hash='dd5eb0343d264b4dcd1a2ea243f47a1d89ef5495', operation='UPDATE', pgid='pgtrigger_update_update_495b8', table='meetings_meeting', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_meetingevent" ("called_by_id", "cancel_reason", "chair_id", "created_at", "held_at", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "signed_at", "signed_by_id", "state", "topic", "unit_id", "version") VALUES (OLD."called_by_id", OLD."cancel_reason", OLD."chair_id", OLD."created_at", OLD."held_at", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place", OLD."signed_at", OLD."signed_by_id", OLD."state", OLD."topic", OLD."unit_id", OLD."version"); RETURN NULL;', hash='05a63bcbfe6f4a2789880bcf34cb3a2f8da432fe', operation='DELETE', pgid='pgtrigger_delete_delete_4bf26', table='meetings_meeting', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AgendaPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='place')),
                ('source', models.CharField(blank=True, max_length=30)),
                ('source_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=300, verbose_name='point')),
                ('facts', models.CharField(blank=True, max_length=300, verbose_name='facts')),
                ('url', models.CharField(blank=True, max_length=300)),
                ('minutes', models.TextField(blank=True, verbose_name='minutes')),
                ('version', models.PositiveIntegerField(default=1)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='meetings.meeting')),
            ],
            options={
                'verbose_name': 'point of the agenda',
                'verbose_name_plural': 'points of the agenda',
                'ordering': ('position', 'pk'),
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('meeting', 'position'), name='point_one_per_place'), models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('meeting', 'source', 'source_id'), name='point_of_problem_once'), models.CheckConstraint(condition=models.Q(models.Q(('source', ''), ('source_id', None)), models.Q(models.Q(('source', ''), _negated=True), ('source_id__isnull', False)), _connector='OR'), name='point_source_is_whole'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='point_is_named')],
                'triggers': [pgtrigger.compiler.Trigger(name='part_is_locked', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE meeting bigint;', func="IF TG_OP = 'DELETE' THEN meeting := OLD.meeting_id; ELSE meeting := NEW.meeting_id; END IF; IF EXISTS (SELECT 1 FROM meetings_meeting WHERE id = meeting AND state = 'signed') OR (TG_OP = 'UPDATE' AND NEW.meeting_id <> OLD.meeting_id) THEN RAISE EXCEPTION 'minutes that are signed do not change' USING ERRCODE = 'check_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='1e9811e65cbdc359b85eca291bbe53af0c505ff2', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_part_is_locked_ea0bb', table='meetings_agendapoint', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_agendapointevent" ("facts", "id", "meeting_id", "minutes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "source_id", "title", "url", "version") VALUES (NEW."facts", NEW."id", NEW."meeting_id", NEW."minutes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."position", NEW."source", NEW."source_id", NEW."title", NEW."url", NEW."version"); RETURN NULL;', hash='958fbdcabc4595f0ce34a6edcf6fb6595af8ad95', operation='INSERT', pgid='pgtrigger_insert_insert_6e340', table='meetings_agendapoint', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "meetings_agendapointevent" ("facts", "id", "meeting_id", "minutes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "source_id", "title", "url", "version") VALUES (NEW."facts", NEW."id", NEW."meeting_id", NEW."minutes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."source", NEW."source_id", NEW."title", NEW."url", NEW."version"); RETURN NULL;', hash='a046e26c31ef34422db3147f3abf64ab2e5d2745', operation='UPDATE', pgid='pgtrigger_update_update_9a495', table='meetings_agendapoint', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_agendapointevent" ("facts", "id", "meeting_id", "minutes", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "source_id", "title", "url", "version") VALUES (OLD."facts", OLD."id", OLD."meeting_id", OLD."minutes", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."position", OLD."source", OLD."source_id", OLD."title", OLD."url", OLD."version"); RETURN NULL;', hash='69a33be68db71334814fe1a37579ed76fb6ae85d', operation='DELETE', pgid='pgtrigger_delete_delete_ddda8', table='meetings_agendapoint', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MeetingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('briefing', 'Briefing'), ('meeting', 'Meeting')], max_length=8, verbose_name='kind')),
                ('topic', models.CharField(max_length=200, verbose_name='topic')),
                ('held_at', models.DateTimeField(verbose_name='day and time')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('signed', 'Minutes signed'), ('cancelled', 'Cancelled')], default='planned', max_length=9, verbose_name='state')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed at')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='why cancelled')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('called_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='called by')),
                ('chair', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chair')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='meetings.meeting')),
                ('signed_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.orgunit', verbose_name='unit')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='4b4e571498722da4113e97895a8e68eed4a522a0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_cbad7', table='meetings_meetingevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='161adc4dee7601797a02097cded16f6fce0bad5d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2b4ce', table='meetings_meetingevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_absent', models.BooleanField(default=False, verbose_name='was absent')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='meetings.meeting')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to=settings.AUTH_USER_MODEL, verbose_name='participant')),
            ],
            options={
                'verbose_name': 'participant',
                'verbose_name_plural': 'participants',
                'ordering': ('person__sort_key', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='participant_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='part_is_locked', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE meeting bigint;', func="IF TG_OP = 'DELETE' THEN meeting := OLD.meeting_id; ELSE meeting := NEW.meeting_id; END IF; IF EXISTS (SELECT 1 FROM meetings_meeting WHERE id = meeting AND state = 'signed') OR (TG_OP = 'UPDATE' AND NEW.meeting_id <> OLD.meeting_id) THEN RAISE EXCEPTION 'minutes that are signed do not change' USING ERRCODE = 'check_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='dfa8275253ca027f8974f8773f136ea3f2a61a7b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_part_is_locked_c7da1', table='meetings_participant', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_participantevent" ("id", "meeting_id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "was_absent") VALUES (NEW."id", NEW."meeting_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."was_absent"); RETURN NULL;', hash='7843dcfedb24f6b200b92aec92ad725768f5ae03', operation='INSERT', pgid='pgtrigger_insert_insert_3c481', table='meetings_participant', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "meetings_participantevent" ("id", "meeting_id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "was_absent") VALUES (NEW."id", NEW."meeting_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."was_absent"); RETURN NULL;', hash='03cc8e74d553cd710efc222e6af544f4ea45143e', operation='UPDATE', pgid='pgtrigger_update_update_92127', table='meetings_participant', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_participantevent" ("id", "meeting_id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "was_absent") VALUES (OLD."id", OLD."meeting_id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."was_absent"); RETURN NULL;', hash='a9b213b54ed3fa2edca21fc1790a58b4d599d567', operation='DELETE', pgid='pgtrigger_delete_delete_7b977', table='meetings_participant', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ActionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='decision')),
                ('due_on', models.DateField(verbose_name='due')),
                ('executor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to=settings.AUTH_USER_MODEL, verbose_name="assignee")),
                ('work', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='assignments.workitem', verbose_name='work item')),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='meetings.agendapoint')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='meetings.meeting')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ('point__position', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='decision_says_something')],
                'triggers': [pgtrigger.compiler.Trigger(name='part_is_locked', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE meeting bigint;', func="IF TG_OP = 'DELETE' THEN meeting := OLD.meeting_id; ELSE meeting := NEW.meeting_id; END IF; IF EXISTS (SELECT 1 FROM meetings_meeting WHERE id = meeting AND state = 'signed') OR (TG_OP = 'UPDATE' AND NEW.meeting_id <> OLD.meeting_id) THEN RAISE EXCEPTION 'minutes that are signed do not change' USING ERRCODE = 'check_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='667b16dc4d13bcb605e34a386867011698935125', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_part_is_locked_dae18', table='meetings_actionitem', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_actionitemevent" ("due_on", "executor_id", "id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "text", "work_id") VALUES (NEW."due_on", NEW."executor_id", NEW."id", NEW."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."point_id", NEW."text", NEW."work_id"); RETURN NULL;', hash='8075ec5bec86258017b176c296114991677e4674', operation='INSERT', pgid='pgtrigger_insert_insert_e0d21', table='meetings_actionitem', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "meetings_actionitemevent" ("due_on", "executor_id", "id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "text", "work_id") VALUES (NEW."due_on", NEW."executor_id", NEW."id", NEW."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."point_id", NEW."text", NEW."work_id"); RETURN NULL;', hash='7aa357ca2392640669074de7c60cfce4682cd690', operation='UPDATE', pgid='pgtrigger_update_update_bd1ee', table='meetings_actionitem', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_actionitemevent" ("due_on", "executor_id", "id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point_id", "text", "work_id") VALUES (OLD."due_on", OLD."executor_id", OLD."id", OLD."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."point_id", OLD."text", OLD."work_id"); RETURN NULL;', hash='73506f74b10269411e60efc632c28f21f10bc184', operation='DELETE', pgid='pgtrigger_delete_delete_b3522', table='meetings_actionitem', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AgendaPointEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(verbose_name='place')),
                ('source', models.CharField(blank=True, max_length=30)),
                ('source_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=300, verbose_name='point')),
                ('facts', models.CharField(blank=True, max_length=300, verbose_name='facts')),
                ('url', models.CharField(blank=True, max_length=300)),
                ('minutes', models.TextField(blank=True, verbose_name='minutes')),
                ('version', models.PositiveIntegerField(default=1)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='meetings.agendapoint')),
                ('meeting', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='meetings.meeting')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='a10fcdcd5c75d16fab85a8c695f7255b7be92f91', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6373e', table='meetings_agendapointevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='81f83cb997bda302d9621b956b3230739d1319ba', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c8433', table='meetings_agendapointevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ParticipantEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('was_absent', models.BooleanField(default=False, verbose_name='was absent')),
                ('meeting', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='meetings.meeting')),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='participant')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='meetings.participant')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='fb17f00469bddaea81cea72e7f6b8601b3162327', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_e6f45', table='meetings_participantevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c8a76805c2994e4389de9a3edf25594976c88cbe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_85754', table='meetings_participantevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ActionItemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('text', models.CharField(max_length=200, verbose_name='decision')),
                ('due_on', models.DateField(verbose_name='due')),
                ('executor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name="assignee")),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='meetings.actionitem')),
                ('work', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assignments.workitem', verbose_name='work item')),
                ('point', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='meetings.agendapoint')),
                ('meeting', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='meetings.meeting')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='49783d7b83c8f4768c992d3d8ecee8f0d68987ec', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d034f', table='meetings_actionitemevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='16a515efd725f32112f74a6c685162f2c01acbac', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_235a3', table='meetings_actionitemevent', when='BEFORE'))],
            },
        ),
    ]
