import crm.accounts.querysets
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('clients', '0001_initial'),
        ('deals', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MarkedAssignment',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('clients.clientassignment',),
        ),
        migrations.CreateModel(
            name='MarkedCategory',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('clients.categoryassignment',),
        ),
        migrations.CreateModel(
            name='MarkedClient',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('clients.client',),
        ),
        migrations.CreateModel(
            name='MarkedContact',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('clients.contactlog',),
        ),
        migrations.CreateModel(
            name='MarkedPayment',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('deals.payment',),
        ),
        migrations.CreateModel(
            name='MarkedPerson',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('accounts.user',),
            managers=[
                ('objects', crm.accounts.querysets.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='MarkedResult',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('clients.contactresult',),
        ),
        migrations.CreateModel(
            name='MarkedShipment',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('deals.shipment',),
        ),
        migrations.CreateModel(
            name='FactMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
            ],
            options={
                'verbose_name': 'month to be counted',
                'verbose_name_plural': 'months to be counted',
            },
        ),
        migrations.CreateModel(
            name='MonthClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(unique=True, verbose_name='month')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('norm_percent', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='norm of debt, %')),
                ('base_months', models.PositiveSmallIntegerField(verbose_name='months of the active base')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
            ],
            options={
                'verbose_name': 'closing of a month',
                'verbose_name_plural': 'closings of months',
                'ordering': ('-month',),
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='month_closing_is_a_month')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_monthclosingevent" ("base_months", "closed_at", "closed_by_id", "id", "month", "norm_percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."base_months", NEW."closed_at", NEW."closed_by_id", NEW."id", NEW."month", NEW."norm_percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='364d795af07dc856af5524c9625f4477487b2dd5', operation='INSERT', pgid='pgtrigger_insert_insert_a4638', table='reports_monthclosing', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reports_monthclosingevent" ("base_months", "closed_at", "closed_by_id", "id", "month", "norm_percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."base_months", NEW."closed_at", NEW."closed_by_id", NEW."id", NEW."month", NEW."norm_percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='81334f34e5521c27b4fa22f11dca1822b7742b2e', operation='UPDATE', pgid='pgtrigger_update_update_06c7d', table='reports_monthclosing', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_monthclosingevent" ("base_months", "closed_at", "closed_by_id", "id", "month", "norm_percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."base_months", OLD."closed_at", OLD."closed_by_id", OLD."id", OLD."month", OLD."norm_percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='d5781201997c780b2ba6ea2b79ff461772ba3e9f', operation='DELETE', pgid='pgtrigger_delete_delete_40d6a', table='reports_monthclosing', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ClientMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('category', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], max_length=1, null=True, verbose_name='category')),
                ('ship', models.DecimalField(decimal_places=2, default=0, max_digits=15, verbose_name='shipments')),
                ('cash', models.DecimalField(decimal_places=2, default=0, max_digits=15, verbose_name='receipts')),
                ('sales', models.PositiveIntegerField(default=0, verbose_name='sales')),
                ('contacts', models.PositiveIntegerField(default=0, verbose_name='contacts')),
                ('final_ship', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('final_cash', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('final_sales', models.PositiveIntegerField(null=True)),
                ('final_contacts', models.PositiveIntegerField(null=True)),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='months', to='clients.client', verbose_name='client')),
                ('manager', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='client_months', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ('org_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='client_months', to='accounts.orgunit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'month of a client',
                'verbose_name_plural': 'months of clients',
                'indexes': [models.Index(fields=['month', 'manager'], include=('client', 'org_unit', 'sales'), name='client_month_of_manager'), models.Index(fields=['month', 'org_unit'], name='client_month_of_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='client_month_is_a_month'), models.UniqueConstraint(fields=('client', 'month', 'manager'), name='client_month_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('final_cash', None), ('final_contacts', None), ('final_sales', None), ('final_ship', None)), models.Q(('final_cash__isnull', False), ('final_contacts__isnull', False), ('final_sales__isnull', False), ('final_ship__isnull', False)), _connector='OR'), name='client_month_is_final_as_a_whole')],
            },
        ),
        migrations.CreateModel(
            name='KpiSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('level', models.CharField(choices=[('company', 'Company'), ('unit', 'Unit'), ('manager', 'Manager')], max_length=7, verbose_name='level')),
                ('ship', models.DecimalField(decimal_places=2, default=0, max_digits=15, verbose_name='shipments')),
                ('cash', models.DecimalField(decimal_places=2, default=0, max_digits=15, verbose_name='receipts')),
                ('sales', models.PositiveIntegerField(default=0, verbose_name='sales')),
                ('active', models.PositiveIntegerField(default=0, verbose_name='active clients')),
                ('contacts', models.PositiveIntegerField(default=0, verbose_name='contacts')),
                ('base', models.PositiveIntegerField(default=0, verbose_name='active base')),
                ('base_a', models.PositiveIntegerField(default=0, verbose_name='category A in the base')),
                ('final', models.JSONField(null=True)),
                ('manager', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='kpi_snapshots', to=settings.AUTH_USER_MODEL)),
                ('org_unit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='kpi_snapshots', to='accounts.orgunit')),
            ],
            options={
                'verbose_name': 'figures of a month',
                'verbose_name_plural': 'figures of months',
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='kpi_snapshot_is_a_month'), models.UniqueConstraint(fields=('month', 'level', 'org_unit', 'manager'), name='kpi_snapshot_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('level', 'company'), ('manager', None), ('org_unit', None)), models.Q(('level', 'unit'), ('manager', None), ('org_unit__isnull', False)), ('level', 'manager'), _connector='OR'), name='kpi_snapshot_fits_its_level')],
            },
        ),
        migrations.CreateModel(
            name='LateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('source', models.CharField(choices=[('shipment', 'Document of sale'), ('payment', 'Payment'), ('contact', 'Contact'), ('assignment', 'Hand-over of the client')], max_length=10, verbose_name='what')),
                ('document_id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(verbose_name='when')),
                ('changed_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('client', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client')),
            ],
            options={
                'verbose_name': 'change after closing',
                'verbose_name_plural': 'changes after closing',
                'ordering': ('-changed_at', '-pk'),
                'indexes': [models.Index(fields=['month', '-changed_at'], name='late_change_of_month')],
            },
        ),
        migrations.CreateModel(
            name='MonthClosingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('month', models.DateField(verbose_name='month')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('norm_percent', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='norm of debt, %')),
                ('base_months', models.PositiveSmallIntegerField(verbose_name='months of the active base')),
                ('closed_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='reports.monthclosing')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='a38802f21cb1bce3a077e5d9caf3aacd623e4ca7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6ecb8', table='reports_monthclosingevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8442cd843a2616803b34f5ef765d610b41db51c3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_861ed', table='reports_monthclosingevent', when='BEFORE'))],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedassignment',
            trigger=pgtrigger.compiler.Trigger(name='facts_added', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT m.client_id, m.month FROM new_rows d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.valid_from::timestamp)::date;\n        \n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT m.month, m.client_id, 'assignment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM new_rows d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.valid_from::timestamp)::date\n        JOIN reports_monthclosing c ON c.month = m.month;\n    \n        RETURN NULL;\n    ", hash='8363eaec30393ce88543db647cba83d1df566dc3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_added_a80eb', referencing='REFERENCING NEW TABLE AS new_rows ', table='clients_clientassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedassignment',
            trigger=pgtrigger.compiler.Trigger(name='facts_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.manager_id IS DISTINCT FROM NEW.manager_id OR OLD.role IS DISTINCT FROM NEW.role OR OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.valid_from IS DISTINCT FROM NEW.valid_from OR OLD.valid_to IS DISTINCT FROM NEW.valid_to)', func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT m.client_id, m.month FROM (SELECT NEW.id, x.client_id, CASE WHEN OLD.manager_id = NEW.manager_id AND OLD.role = NEW.role AND OLD.client_id = NEW.client_id AND OLD.valid_from = NEW.valid_from THEN LEAST(OLD.valid_to, NEW.valid_to) ELSE LEAST(OLD.valid_from, NEW.valid_from) END AS since FROM (VALUES (OLD.client_id), (NEW.client_id)) x (client_id)) d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.since::timestamp)::date;\n        \n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT m.month, m.client_id, 'assignment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT NEW.id, x.client_id, CASE WHEN OLD.manager_id = NEW.manager_id AND OLD.role = NEW.role AND OLD.client_id = NEW.client_id AND OLD.valid_from = NEW.valid_from THEN LEAST(OLD.valid_to, NEW.valid_to) ELSE LEAST(OLD.valid_from, NEW.valid_from) END AS since FROM (VALUES (OLD.client_id), (NEW.client_id)) x (client_id)) d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.since::timestamp)::date\n        JOIN reports_monthclosing c ON c.month = m.month;\n    \n        RETURN NULL;\n    ", hash='2e47e45769d65e7e6f7b280a867a887a4c57bb7f', operation='UPDATE', pgid='pgtrigger_facts_changed_1406b', table='clients_clientassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedassignment',
            trigger=pgtrigger.compiler.Trigger(name='facts_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT m.client_id, m.month FROM (SELECT (OLD).*) d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.valid_from::timestamp)::date;\n        \n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT m.month, m.client_id, 'assignment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).*) d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.valid_from::timestamp)::date\n        JOIN reports_monthclosing c ON c.month = m.month;\n    \n        RETURN NULL;\n    ", hash='5d516b12243e487bbaff2eb46c1b80a28a3e06f3', operation='DELETE', pgid='pgtrigger_facts_removed_bfe0c', table='clients_clientassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedcategory',
            trigger=pgtrigger.compiler.Trigger(name='facts_added', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT m.client_id, m.month FROM new_rows d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.valid_from::timestamp)::date;\n        \n        RETURN NULL;\n    ", hash='a8f5cbf0555e8fdf5f3014b82d2b2a09eb9e1e56', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_added_77d2c', referencing='REFERENCING NEW TABLE AS new_rows ', table='clients_categoryassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedcategory',
            trigger=pgtrigger.compiler.Trigger(name='facts_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.category IS DISTINCT FROM NEW.category OR OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.valid_from IS DISTINCT FROM NEW.valid_from OR OLD.valid_to IS DISTINCT FROM NEW.valid_to)', func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT m.client_id, m.month FROM (SELECT NEW.id, x.client_id, CASE WHEN OLD.category = NEW.category AND OLD.client_id = NEW.client_id AND OLD.valid_from = NEW.valid_from THEN LEAST(OLD.valid_to, NEW.valid_to) ELSE LEAST(OLD.valid_from, NEW.valid_from) END AS since FROM (VALUES (OLD.client_id), (NEW.client_id)) x (client_id)) d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.since::timestamp)::date;\n        \n        RETURN NULL;\n    ", hash='14d8108be6708128e5bdefe1b0bd902bd5ed07b1', operation='UPDATE', pgid='pgtrigger_facts_changed_95079', table='clients_categoryassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedcategory',
            trigger=pgtrigger.compiler.Trigger(name='facts_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT m.client_id, m.month FROM (SELECT (OLD).*) d JOIN reports_clientmonth m\n          ON m.client_id = d.client_id AND m.month >= date_trunc('month', d.valid_from::timestamp)::date;\n        \n        RETURN NULL;\n    ", hash='379ea64fb7c91ba318e86b4dc5e9d68512f56183', operation='DELETE', pgid='pgtrigger_facts_removed_e6960', table='clients_categoryassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedclient',
            trigger=pgtrigger.compiler.Trigger(name='facts_moved', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.org_unit_id IS DISTINCT FROM NEW.org_unit_id)', func='INSERT INTO reports_factmark (client_id, month) SELECT client_id, month FROM reports_clientmonth WHERE client_id = NEW.id AND manager_id IS NULL; RETURN NULL;', hash='d92f409fc1f28caf41fdeeaf2c1efa0667f8ad81', operation='UPDATE', pgid='pgtrigger_facts_moved_0596f', table='clients_client', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedcontact',
            trigger=pgtrigger.compiler.Trigger(name='facts_added', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', ((d.done_at AT TIME ZONE 'Europe/Moscow')::date + n.days)::timestamp)::date\n        FROM new_rows d, (VALUES (-1), (0), (1)) n (days)\n        WHERE (d.done_at AT TIME ZONE 'Europe/Moscow')::date IS NOT NULL AND abs(n.days) <= 1;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'contact', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM new_rows d JOIN reports_monthclosing c ON c.month = date_trunc('month', (d.done_at AT TIME ZONE 'Europe/Moscow')::date::timestamp)::date;\n        RETURN NULL;\n    ", hash='d479fba943423f7b164ec88e89eea712624b963f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_added_d20c1', referencing='REFERENCING NEW TABLE AS new_rows ', table='clients_contactlog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedcontact',
            trigger=pgtrigger.compiler.Trigger(name='facts_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.done_at IS DISTINCT FROM NEW.done_at OR OLD.state IS DISTINCT FROM NEW.state OR OLD.result_id IS DISTINCT FROM NEW.result_id)', func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', ((d.done_at AT TIME ZONE 'Europe/Moscow')::date + n.days)::timestamp)::date\n        FROM (SELECT (OLD).* UNION ALL SELECT (NEW).*) d, (VALUES (-1), (0), (1)) n (days)\n        WHERE (d.done_at AT TIME ZONE 'Europe/Moscow')::date IS NOT NULL AND abs(n.days) <= 1;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'contact', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).* UNION ALL SELECT (NEW).*) d JOIN reports_monthclosing c ON c.month = date_trunc('month', (d.done_at AT TIME ZONE 'Europe/Moscow')::date::timestamp)::date;\n        RETURN NULL;\n    ", hash='e68e8dd952177e7d358fc44204b8a7290d4a5d3b', operation='UPDATE', pgid='pgtrigger_facts_changed_37a5a', table='clients_contactlog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedcontact',
            trigger=pgtrigger.compiler.Trigger(name='facts_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', ((d.done_at AT TIME ZONE 'Europe/Moscow')::date + n.days)::timestamp)::date\n        FROM (SELECT (OLD).*) d, (VALUES (-1), (0), (1)) n (days)\n        WHERE (d.done_at AT TIME ZONE 'Europe/Moscow')::date IS NOT NULL AND abs(n.days) <= 1;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'contact', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).*) d JOIN reports_monthclosing c ON c.month = date_trunc('month', (d.done_at AT TIME ZONE 'Europe/Moscow')::date::timestamp)::date;\n        RETURN NULL;\n    ", hash='7012a474560dd75972ae310d5a6473a132556adc', operation='DELETE', pgid='pgtrigger_facts_removed_06c8a', table='clients_contactlog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedpayment',
            trigger=pgtrigger.compiler.Trigger(name='facts_added', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.paid_on + n.days)::timestamp)::date\n        FROM new_rows d, (VALUES (-1), (0), (1)) n (days)\n        WHERE d.paid_on IS NOT NULL AND abs(n.days) <= 0;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'payment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM new_rows d JOIN reports_monthclosing c ON c.month = date_trunc('month', d.paid_on::timestamp)::date;\n        RETURN NULL;\n    ", hash='72b4c377c0f166620516e5cc78384c9db992a0a9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_added_ca713', referencing='REFERENCING NEW TABLE AS new_rows ', table='deals_payment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedpayment',
            trigger=pgtrigger.compiler.Trigger(name='facts_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.paid_on IS DISTINCT FROM NEW.paid_on OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.state IS DISTINCT FROM NEW.state OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.direction IS DISTINCT FROM NEW.direction)', func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.paid_on + n.days)::timestamp)::date\n        FROM (SELECT (OLD).* UNION ALL SELECT (NEW).*) d, (VALUES (-1), (0), (1)) n (days)\n        WHERE d.paid_on IS NOT NULL AND abs(n.days) <= 0;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'payment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).* UNION ALL SELECT (NEW).*) d JOIN reports_monthclosing c ON c.month = date_trunc('month', d.paid_on::timestamp)::date;\n        RETURN NULL;\n    ", hash='fa9d4ab5b4dc599a00dbbdff1a56e488b6ba6fa8', operation='UPDATE', pgid='pgtrigger_facts_changed_8e897', table='deals_payment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedpayment',
            trigger=pgtrigger.compiler.Trigger(name='facts_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.paid_on + n.days)::timestamp)::date\n        FROM (SELECT (OLD).*) d, (VALUES (-1), (0), (1)) n (days)\n        WHERE d.paid_on IS NOT NULL AND abs(n.days) <= 0;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'payment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).*) d JOIN reports_monthclosing c ON c.month = date_trunc('month', d.paid_on::timestamp)::date;\n        RETURN NULL;\n    ", hash='574c2378ac0b0a8fa86424cdd8365298b4c1805d', operation='DELETE', pgid='pgtrigger_facts_removed_56520', table='deals_payment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedperson',
            trigger=pgtrigger.compiler.Trigger(name='facts_moved', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.org_unit_id IS DISTINCT FROM NEW.org_unit_id)', func="INSERT INTO reports_factmark (client_id, month) SELECT client_id, month FROM reports_clientmonth WHERE manager_id = NEW.id AND month >= date_trunc('month', (now() AT TIME ZONE 'Europe/Moscow')::timestamp)::date; RETURN NULL;", hash='2c1d2e7d1887bffde97b337c538895f6989ae780', operation='UPDATE', pgid='pgtrigger_facts_moved_516d0', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedresult',
            trigger=pgtrigger.compiler.Trigger(name='facts_counted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.reached IS DISTINCT FROM NEW.reached)', func="INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.done_at AT TIME ZONE 'Europe/Moscow')::date::timestamp)::date FROM clients_contactlog d WHERE d.result_id = NEW.id AND d.state = 'done'; RETURN NULL;", hash='eb0026c136db7d8ea26b2382a56d1391275615b9', operation='UPDATE', pgid='pgtrigger_facts_counted_3a245', table='clients_contactresult', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedshipment',
            trigger=pgtrigger.compiler.Trigger(name='facts_added', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.posted_on + n.days)::timestamp)::date\n        FROM new_rows d, (VALUES (-1), (0), (1)) n (days)\n        WHERE d.posted_on IS NOT NULL AND abs(n.days) <= 0;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'shipment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM new_rows d JOIN reports_monthclosing c ON c.month = date_trunc('month', d.posted_on::timestamp)::date;\n        RETURN NULL;\n    ", hash='273fa3bd2fc9e5a1085a5526469bcec2ce20f7a4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facts_added_8baff', referencing='REFERENCING NEW TABLE AS new_rows ', table='deals_shipment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedshipment',
            trigger=pgtrigger.compiler.Trigger(name='facts_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.posted_on IS DISTINCT FROM NEW.posted_on OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.state IS DISTINCT FROM NEW.state OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.reverses_id IS DISTINCT FROM NEW.reverses_id)', func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.posted_on + n.days)::timestamp)::date\n        FROM (SELECT (OLD).* UNION ALL SELECT (NEW).*) d, (VALUES (-1), (0), (1)) n (days)\n        WHERE d.posted_on IS NOT NULL AND abs(n.days) <= 0;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'shipment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).* UNION ALL SELECT (NEW).*) d JOIN reports_monthclosing c ON c.month = date_trunc('month', d.posted_on::timestamp)::date;\n        RETURN NULL;\n    ", hash='68eb237e243d52995033c46db9b8fd3ecf2a6a89', operation='UPDATE', pgid='pgtrigger_facts_changed_43cd7', table='deals_shipment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='markedshipment',
            trigger=pgtrigger.compiler.Trigger(name='facts_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO reports_factmark (client_id, month) SELECT DISTINCT d.client_id, date_trunc('month', (d.posted_on + n.days)::timestamp)::date\n        FROM (SELECT (OLD).*) d, (VALUES (-1), (0), (1)) n (days)\n        WHERE d.posted_on IS NOT NULL AND abs(n.days) <= 0;\n        INSERT INTO reports_latechange (month, client_id, source, document_id, changed_at, changed_by_id) SELECT DISTINCT c.month, d.client_id, 'shipment', d.id, now(), (NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '')::jsonb ->> 'user')::bigint\n        FROM (SELECT (OLD).*) d JOIN reports_monthclosing c ON c.month = date_trunc('month', d.posted_on::timestamp)::date;\n        RETURN NULL;\n    ", hash='3f2847becdbb43d051e0f24b75669f12b2125f36', operation='DELETE', pgid='pgtrigger_facts_removed_5407f', table='deals_shipment', when='AFTER')),
        ),
    ]
