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
    ]

    operations = [
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('assignment', 'Assignment'), ('instruction', 'Instruction'), ('order', 'Written order'), ('info_request', 'Request for information'), ('proposal', 'Improvement proposal'), ('help', 'Request for help'), ('conditions', 'Working conditions'), ('risk_notice', 'Report of a problem')], max_length=12, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='what is wanted')),
                ('body', models.TextField(blank=True, verbose_name='details')),
                ('justification', models.TextField(blank=True, verbose_name='justification')),
                ('order_number', models.CharField(blank=True, max_length=50, verbose_name='number of the order')),
                ('order_on', models.DateField(blank=True, null=True, verbose_name='date of the order')),
                ('created_on', models.DateField(verbose_name='entered on')),
                ('due_on', models.DateField(verbose_name='due')),
                ('first_due_on', models.DateField(verbose_name='first due day')),
                ('feedback_due', models.DateField(blank=True, null=True, verbose_name='answer by')),
                ('subject_kind', models.CharField(blank=True, max_length=30)),
                ('subject_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('client_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('accepted', 'Accepted'), ('answered', 'Answered'), ('action_taken', 'Action taken'), ('resolved', 'Problem solved'), ('returned', 'Returned'), ('cancelled', 'Withdrawn')], default='new', max_length=12, verbose_name='state')),
                ('accepted_on', models.DateField(blank=True, null=True, verbose_name='accepted on')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('verdict', models.CharField(blank=True, choices=[('taken', 'Taken up'), ('partly', 'Taken up in part'), ('declined', 'Not taken up')], max_length=8, verbose_name='what became of the proposal')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('action', models.TextField(blank=True, verbose_name='what was done')),
                ('action_on', models.DateField(blank=True, null=True, verbose_name='action taken on')),
                ('resolved_on', models.DateField(blank=True, null=True, verbose_name='problem solved on')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='why withdrawn')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authored_work', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('executor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work', to=settings.AUTH_USER_MODEL, verbose_name="assignee")),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work', to='accounts.orgunit', verbose_name='unit addressed')),
            ],
            options={
                'verbose_name': 'work item',
                'verbose_name_plural': 'work items',
                'ordering': ('due_on', 'pk'),
                'indexes': [models.Index(condition=models.Q(('state__in', ('new', 'accepted', 'answered', 'action_taken', 'returned'))), fields=['executor', 'due_on', 'id'], name='work_open_of_executor'), models.Index(condition=models.Q(('state__in', ('new', 'accepted', 'answered', 'action_taken', 'returned'))), fields=['author', 'due_on', 'id'], name='work_open_of_author'), models.Index(fields=['due_on', 'id'], name='work_by_due_day'), models.Index(condition=models.Q(('client_id__isnull', False)), fields=['client_id', 'due_on'], name='work_of_client')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='work_is_named'), models.CheckConstraint(condition=models.Q(('executor__isnull', False), ('unit__isnull', False), _connector='OR'), name='work_is_addressed'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('created_on')), ('first_due_on__gte', models.F('created_on'))), name='work_due_after_entry'), models.CheckConstraint(condition=models.Q(models.Q(('feedback_due', None), ('kind__in', ['assignment', 'instruction', 'order'])), models.Q(('feedback_due__gte', models.F('created_on')), ('feedback_due__isnull', False), ('feedback_due__lte', models.F('due_on')), ('kind__in', ['info_request', 'proposal', 'help', 'conditions', 'risk_notice'])), _connector='OR'), name='work_asked_has_day_of_answer'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'proposal'), _negated=True), models.Q(('justification', ''), _negated=True), _connector='OR'), name='work_proposal_is_justified'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'order'), ('order_on__isnull', False), models.Q(('order_number', ''), _negated=True)), models.Q(models.Q(('kind', 'order'), _negated=True), ('order_number', ''), ('order_on', None)), _connector='OR'), name='work_order_has_number_and_date'), models.CheckConstraint(condition=models.Q(models.Q(('subject_id', None), ('subject_kind', '')), models.Q(models.Q(('subject_kind', ''), _negated=True), ('subject_id__isnull', False)), _connector='OR'), name='work_subject_is_whole'), models.CheckConstraint(condition=models.Q(('state', 'new'), ('executor__isnull', False), ('state', 'cancelled'), _connector='OR'), name='work_begun_has_executor'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_on', None), ('verdict', '')), models.Q(('answered_on__gte', models.F('created_on')), ('answered_on__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='work_answer_has_day_and_text'), models.CheckConstraint(condition=models.Q(('answered_on', None), models.Q(('kind', 'proposal'), models.Q(('verdict', ''), _negated=True)), models.Q(models.Q(('kind', 'proposal'), _negated=True), ('verdict', '')), _connector='OR'), name='work_answered_proposal_has_verdict'), models.CheckConstraint(condition=models.Q(models.Q(('action', ''), ('action_on', None)), models.Q(('action_on__isnull', False), ('answered_on__isnull', False), ('action_on__gte', models.F('answered_on')), models.Q(('action', ''), _negated=True)), _connector='OR'), name='work_action_follows_answer'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_by__isnull', False), ('resolved_on__isnull', False), ('state', 'resolved')), models.Q(models.Q(('state', 'resolved'), _negated=True), ('resolved_by', None), ('resolved_on', None)), _connector='OR'), name='work_resolved_is_verified'), models.CheckConstraint(condition=models.Q(('resolved_by', None), models.Q(('resolved_by', models.F('executor')), _negated=True), ('author', models.F('executor')), _connector='OR'), name='work_verified_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('action_on', None), ('answered_on', None), ('state__in', ['new', 'accepted'])), models.Q(('action_on', None), ('answered_on__isnull', False), ('state', 'answered')), models.Q(('action_on__isnull', False), ('state', 'action_taken')), models.Q(('answered_on__isnull', False), ('state', 'resolved')), models.Q(('action_on', None), ('state', 'returned')), ('state', 'cancelled'), _connector='OR'), name='work_flags_fit_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), models.Q(('cancel_reason', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancel_reason', '')), _connector='OR'), name='work_withdrawn_has_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_workitemevent" ("accepted_on", "action", "action_on", "answer", "answered_on", "author_id", "body", "cancel_reason", "client_id", "created_at", "created_on", "due_on", "executor_id", "feedback_due", "first_due_on", "id", "justification", "kind", "number", "order_number", "order_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_by_id", "resolved_on", "state", "subject_id", "subject_kind", "title", "unit_id", "verdict", "version") VALUES (NEW."accepted_on", NEW."action", NEW."action_on", NEW."answer", NEW."answered_on", NEW."author_id", NEW."body", NEW."cancel_reason", NEW."client_id", NEW."created_at", NEW."created_on", NEW."due_on", NEW."executor_id", NEW."feedback_due", NEW."first_due_on", NEW."id", NEW."justification", NEW."kind", NEW."number", NEW."order_number", NEW."order_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."resolved_by_id", NEW."resolved_on", NEW."state", NEW."subject_id", NEW."subject_kind", NEW."title", NEW."unit_id", NEW."verdict", NEW."version"); RETURN NULL;', hash='390be9b17fb10ab269ef6e847d00ec5c5460519e', operation='INSERT', pgid='pgtrigger_insert_insert_80c1f', table='assignments_workitem', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "assignments_workitemevent" ("accepted_on", "action", "action_on", "answer", "answered_on", "author_id", "body", "cancel_reason", "client_id", "created_at", "created_on", "due_on", "executor_id", "feedback_due", "first_due_on", "id", "justification", "kind", "number", "order_number", "order_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_by_id", "resolved_on", "state", "subject_id", "subject_kind", "title", "unit_id", "verdict", "version") VALUES (NEW."accepted_on", NEW."action", NEW."action_on", NEW."answer", NEW."answered_on", NEW."author_id", NEW."body", NEW."cancel_reason", NEW."client_id", NEW."created_at", NEW."created_on", NEW."due_on", NEW."executor_id", NEW."feedback_due", NEW."first_due_on", NEW."id", NEW."justification", NEW."kind", NEW."number", NEW."order_number", NEW."order_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."resolved_by_id", NEW."resolved_on", NEW."state", NEW."subject_id", NEW."subject_kind", NEW."title", NEW."unit_id", NEW."verdict", NEW."version"); RETURN NULL;', hash='fe75d4b410f52e91a267de0060be154efaa92fed', operation='UPDATE', pgid='pgtrigger_update_update_cefb7', table='assignments_workitem', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_workitemevent" ("accepted_on", "action", "action_on", "answer", "answered_on", "author_id", "body", "cancel_reason", "client_id", "created_at", "created_on", "due_on", "executor_id", "feedback_due", "first_due_on", "id", "justification", "kind", "number", "order_number", "order_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_by_id", "resolved_on", "state", "subject_id", "subject_kind", "title", "unit_id", "verdict", "version") VALUES (OLD."accepted_on", OLD."action", OLD."action_on", OLD."answer", OLD."answered_on", OLD."author_id", OLD."body", OLD."cancel_reason", OLD."client_id", OLD."created_at", OLD."created_on", OLD."due_on", OLD."executor_id", OLD."feedback_due", OLD."first_due_on", OLD."id", OLD."justification", OLD."kind", OLD."number", OLD."order_number", OLD."order_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."resolved_by_id", OLD."resolved_on", OLD."state", OLD."subject_id", OLD."subject_kind", OLD."title", OLD."unit_id", OLD."verdict", OLD."version"); RETURN NULL;', hash='588f4dae69abcd10b31f0cc7cb707ea708dcd8d6', operation='DELETE', pgid='pgtrigger_delete_delete_37633', table='assignments_workitem', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='WorkItemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.CharField(max_length=20, verbose_name='number')),
                ('kind', models.CharField(choices=[('assignment', 'Assignment'), ('instruction', 'Instruction'), ('order', 'Written order'), ('info_request', 'Request for information'), ('proposal', 'Improvement proposal'), ('help', 'Request for help'), ('conditions', 'Working conditions'), ('risk_notice', 'Report of a problem')], max_length=12, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='what is wanted')),
                ('body', models.TextField(blank=True, verbose_name='details')),
                ('justification', models.TextField(blank=True, verbose_name='justification')),
                ('order_number', models.CharField(blank=True, max_length=50, verbose_name='number of the order')),
                ('order_on', models.DateField(blank=True, null=True, verbose_name='date of the order')),
                ('created_on', models.DateField(verbose_name='entered on')),
                ('due_on', models.DateField(verbose_name='due')),
                ('first_due_on', models.DateField(verbose_name='first due day')),
                ('feedback_due', models.DateField(blank=True, null=True, verbose_name='answer by')),
                ('subject_kind', models.CharField(blank=True, max_length=30)),
                ('subject_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('client_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('accepted', 'Accepted'), ('answered', 'Answered'), ('action_taken', 'Action taken'), ('resolved', 'Problem solved'), ('returned', 'Returned'), ('cancelled', 'Withdrawn')], default='new', max_length=12, verbose_name='state')),
                ('accepted_on', models.DateField(blank=True, null=True, verbose_name='accepted on')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('verdict', models.CharField(blank=True, choices=[('taken', 'Taken up'), ('partly', 'Taken up in part'), ('declined', 'Not taken up')], max_length=8, verbose_name='what became of the proposal')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('action', models.TextField(blank=True, verbose_name='what was done')),
                ('action_on', models.DateField(blank=True, null=True, verbose_name='action taken on')),
                ('resolved_on', models.DateField(blank=True, null=True, verbose_name='problem solved on')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='why withdrawn')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('executor', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name="assignee")),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='assignments.workitem')),
                ('resolved_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.orgunit', verbose_name='unit addressed')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='d7d0cc33d3dcf08997e34181840b447082c79b3e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_3506d', table='assignments_workitemevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='04e2a70b919472c6826559dbe51438cbb5d7269f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e8bff', table='assignments_workitemevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='WorkNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('comment', 'Comment'), ('return', 'Returned'), ('hand_on', 'Handed on'), ('postponed', 'Another day')], default='comment', max_length=9)),
                ('text', models.TextField(verbose_name='text')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='assignments.workitem')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ('created_at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='work_note_says_something')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_worknoteevent" ("author_id", "created_at", "id", "item_id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."author_id", NEW."created_at", NEW."id", NEW."item_id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;', hash='927738725c027409e635df8392017721a58eb546', operation='INSERT', pgid='pgtrigger_insert_insert_77c7b', table='assignments_worknote', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "assignments_worknoteevent" ("author_id", "created_at", "id", "item_id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."author_id", NEW."created_at", NEW."id", NEW."item_id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;', hash='91c038ee5bbc8047c3bbd9313a286d017c970b3b', operation='UPDATE', pgid='pgtrigger_update_update_a54a3', table='assignments_worknote', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_worknoteevent" ("author_id", "created_at", "id", "item_id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."author_id", OLD."created_at", OLD."id", OLD."item_id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;', hash='6b50ed3db4faeacc5873883153cc2177a388bc04', operation='DELETE', pgid='pgtrigger_delete_delete_54644', table='assignments_worknote', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='WorkNoteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('comment', 'Comment'), ('return', 'Returned'), ('hand_on', 'Handed on'), ('postponed', 'Another day')], default='comment', max_length=9)),
                ('text', models.TextField(verbose_name='text')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assignments.workitem')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='assignments.worknote')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='5713874be848a78c446542f6ddb4799dd5b14edc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5d21b', table='assignments_worknoteevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1028154b15707946b0d8931d42971236f27a93d1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_be173', table='assignments_worknoteevent', when='BEFORE'))],
            },
        ),
    ]
