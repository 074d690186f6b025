import crm.accounts.models.delegations
import crm.accounts.querysets
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from crm.tables_at_once import TablesAtOnce
from crm.tables_at_once import TablesAtOnce


class Migration(TablesAtOnce):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('first_name', models.CharField(blank=True, max_length=100, verbose_name='first name')),
                ('last_name', models.CharField(max_length=100, verbose_name='last name')),
                ('middle_name', models.CharField(blank=True, max_length=100, verbose_name='middle name')),
                ('sort_key', models.CharField(db_index=True, default='', editable=False, max_length=320)),
                ('role', models.CharField(choices=[('manager', 'Manager'), ('sector_head', 'Sector head'), ('department_head', 'Department head'), ('director', 'Director'), ('general_director', 'General director'), ('accountant', 'Accountant'), ('lawyer', 'Lawyer'), ('marketer', 'Marketer'), ('logistics', 'Logistics'), ('purchasing', 'Purchasing'), ('merchandiser', 'Merchandiser'), ('admin', 'Administrator')], max_length=20, verbose_name='role')),
                ('position', models.CharField(blank=True, max_length=200, verbose_name='position')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='phone')),
                ('order_no', models.CharField(blank=True, max_length=50, verbose_name='order of appointment')),
                ('hired_on', models.DateField(blank=True, null=True, verbose_name='hired on')),
                ('dismissed_on', models.DateField(blank=True, null=True, verbose_name='dismissed on')),
                ('external_id', models.CharField(blank=True, max_length=100, verbose_name='external id')),
                ('language', models.CharField(choices=[('ru', 'Russian'), ('en', 'English')], default='ru', max_length=2, verbose_name='language')),
                ('theme', models.CharField(choices=[('auto', 'As in the system'), ('light', 'Light'), ('dark', 'Dark')], default='auto', max_length=5, verbose_name='theme')),
                ('must_change_password', models.BooleanField(default=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ('sort_key', 'pk'),
            },
            managers=[
                ('objects', crm.accounts.querysets.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('vacation', 'Vacation'), ('illness', 'Illness'), ('trip', 'Business trip'), ('part', 'Part of the powers'), ('other', 'Other')], max_length=10, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('covers_clients', models.BooleanField(default=True, verbose_name='clients and contacts')),
                ('covers_decisions', models.BooleanField(default=True, verbose_name='approvals')),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('valid_to', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('active', 'Active'), ('ended', 'Ended'), ('revoked', 'Revoked')], default='planned', max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to=settings.AUTH_USER_MODEL, verbose_name='substitute')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL, verbose_name='absent person')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'substitution',
                'verbose_name_plural': 'substitutions',
                'ordering': ('-valid_from', '-pk'),
                'indexes': [models.Index(fields=['delegate', 'valid_from', 'valid_to'], name='accounts_de_delegat_195ceb_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='delegation_ends_after_start'), models.CheckConstraint(condition=models.Q(('owner', models.F('delegate')), _negated=True), name='delegation_not_to_oneself'), models.CheckConstraint(condition=models.Q(('covers_clients', True), ('covers_decisions', True), _connector='OR'), name='delegation_covers_something'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), ('state', 'revoked')), models.Q(models.Q(('state', 'revoked'), _negated=True), ('revoked_at', None), ('revoked_by', None)), _connector='OR'), name='delegation_revoked_has_facts'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'active', 'ended', 'revoked'])), name='delegation_state_known'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('covers_clients', True), models.Q(('state', 'revoked'), _negated=True)), expressions=[('owner', '='), (crm.accounts.models.delegations.DateRange('valid_from', 'valid_to'), '&&')], name='delegation_clients_no_overlap'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('covers_decisions', True), models.Q(('state', 'revoked'), _negated=True)), expressions=[('owner', '='), (crm.accounts.models.delegations.DateRange('valid_from', 'valid_to'), '&&')], name='delegation_decisions_no_overlap')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_delegationevent" ("covers_clients", "covers_decisions", "created_at", "created_by_id", "delegate_id", "id", "note", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "revoked_by_id", "state", "valid_from", "valid_to", "version") VALUES (NEW."covers_clients", NEW."covers_decisions", NEW."created_at", NEW."created_by_id", NEW."delegate_id", NEW."id", NEW."note", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."reason", NEW."revoked_at", NEW."revoked_by_id", NEW."state", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='070b6c4d997adabce2704a2d43cd2611f84565bc', operation='INSERT', pgid='pgtrigger_insert_insert_31e89', table='accounts_delegation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_delegationevent" ("covers_clients", "covers_decisions", "created_at", "created_by_id", "delegate_id", "id", "note", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "revoked_by_id", "state", "valid_from", "valid_to", "version") VALUES (NEW."covers_clients", NEW."covers_decisions", NEW."created_at", NEW."created_by_id", NEW."delegate_id", NEW."id", NEW."note", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reason", NEW."revoked_at", NEW."revoked_by_id", NEW."state", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='546e0ee2c63844afe91117940468b6d566a6291a', operation='UPDATE', pgid='pgtrigger_update_update_0bc20', table='accounts_delegation', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_delegationevent" ("covers_clients", "covers_decisions", "created_at", "created_by_id", "delegate_id", "id", "note", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at", "revoked_by_id", "state", "valid_from", "valid_to", "version") VALUES (OLD."covers_clients", OLD."covers_decisions", OLD."created_at", OLD."created_by_id", OLD."delegate_id", OLD."id", OLD."note", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."reason", OLD."revoked_at", OLD."revoked_by_id", OLD."state", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;', hash='e26bd9bb74b7b862af83fa0e21691855aee59e27', operation='DELETE', pgid='pgtrigger_delete_delete_c7771', table='accounts_delegation', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='DelegationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('reason', models.CharField(choices=[('vacation', 'Vacation'), ('illness', 'Illness'), ('trip', 'Business trip'), ('part', 'Part of the powers'), ('other', 'Other')], max_length=10, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('covers_clients', models.BooleanField(default=True, verbose_name='clients and contacts')),
                ('covers_decisions', models.BooleanField(default=True, verbose_name='approvals')),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('valid_to', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('active', 'Active'), ('ended', 'Ended'), ('revoked', 'Revoked')], default='planned', max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('delegate', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='substitute')),
                ('owner', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='absent person')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='accounts.delegation')),
                ('revoked_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='9e3d4cc8237680d19a93e1a9301b24be94115831', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_1bbc1', table='accounts_delegationevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='82c14c2c0d1fcb979c91ad026368c94dc03df7e7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_48735', table='accounts_delegationevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='OrgUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('sort_key', models.CharField(default='', editable=False, max_length=250)),
                ('kind', models.CharField(choices=[('company', 'Company'), ('department', 'Department'), ('sector', 'Sector')], max_length=12, verbose_name='kind')),
                ('territory', models.CharField(blank=True, max_length=200, verbose_name='territory')),
                ('channel', models.CharField(blank=True, max_length=100, verbose_name='channel')),
                ('external_id', models.CharField(blank=True, max_length=100)),
                ('path', models.CharField(db_index=True, default='', editable=False, max_length=400)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='headed_units', to=settings.AUTH_USER_MODEL, verbose_name='head')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.orgunit', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
                'ordering': ('path',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'company'), ('parent', None)), models.Q(models.Q(('kind', 'company'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='unit_company_is_the_root'), models.CheckConstraint(condition=models.Q(('pk', models.F('parent')), _negated=True), name='unit_not_its_own_parent'), models.UniqueConstraint(models.F('parent'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at', None)), name='unit_name_once_per_parent', nulls_distinct=False)],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_orgunitevent" ("archived_at", "channel", "created_at", "external_id", "head_id", "id", "kind", "name", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "territory", "version") VALUES (NEW."archived_at", NEW."channel", NEW."created_at", NEW."external_id", NEW."head_id", NEW."id", NEW."kind", NEW."name", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."territory", NEW."version"); RETURN NULL;', hash='c8542204e3cccb9675aefd90cddbab02ca5e2c32', operation='INSERT', pgid='pgtrigger_insert_insert_2a5ae', table='accounts_orgunit', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."archived_at" IS DISTINCT FROM (NEW."archived_at") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."head_id" IS DISTINCT FROM (NEW."head_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."territory" IS DISTINCT FROM (NEW."territory") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "accounts_orgunitevent" ("archived_at", "channel", "created_at", "external_id", "head_id", "id", "kind", "name", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "territory", "version") VALUES (NEW."archived_at", NEW."channel", NEW."created_at", NEW."external_id", NEW."head_id", NEW."id", NEW."kind", NEW."name", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."territory", NEW."version"); RETURN NULL;', hash='1e1ed43706134c2a75aed5f08565472213fc2704', operation='UPDATE', pgid='pgtrigger_update_update_085a6', table='accounts_orgunit', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_orgunitevent" ("archived_at", "channel", "created_at", "external_id", "head_id", "id", "kind", "name", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "territory", "version") VALUES (OLD."archived_at", OLD."channel", OLD."created_at", OLD."external_id", OLD."head_id", OLD."id", OLD."kind", OLD."name", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."territory", OLD."version"); RETURN NULL;', hash='d915b99ace7cd47d1b4b1ea4bef3206df515ac30', operation='DELETE', pgid='pgtrigger_delete_delete_65702', table='accounts_orgunit', when='AFTER'))],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='org_unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.orgunit', verbose_name='unit'),
        ),
        migrations.CreateModel(
            name='OrgUnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('kind', models.CharField(choices=[('company', 'Company'), ('department', 'Department'), ('sector', 'Sector')], max_length=12, verbose_name='kind')),
                ('territory', models.CharField(blank=True, max_length=200, verbose_name='territory')),
                ('channel', models.CharField(blank=True, max_length=100, verbose_name='channel')),
                ('external_id', models.CharField(blank=True, max_length=100)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('head', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='head')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.orgunit', verbose_name='part of')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='accounts.orgunit')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='619393a9acd2f740b014ec0c9e69a6cf303b92d5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f74ca', table='accounts_orgunitevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb4f3a0011c582f443b7e0f87c85cea47d5177be', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1aa3e', table='accounts_orgunitevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('first_name', models.CharField(blank=True, max_length=100, verbose_name='first name')),
                ('last_name', models.CharField(max_length=100, verbose_name='last name')),
                ('middle_name', models.CharField(blank=True, max_length=100, verbose_name='middle name')),
                ('role', models.CharField(choices=[('manager', 'Manager'), ('sector_head', 'Sector head'), ('department_head', 'Department head'), ('director', 'Director'), ('general_director', 'General director'), ('accountant', 'Accountant'), ('lawyer', 'Lawyer'), ('marketer', 'Marketer'), ('logistics', 'Logistics'), ('purchasing', 'Purchasing'), ('merchandiser', 'Merchandiser'), ('admin', 'Administrator')], max_length=20, verbose_name='role')),
                ('position', models.CharField(blank=True, max_length=200, verbose_name='position')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='phone')),
                ('order_no', models.CharField(blank=True, max_length=50, verbose_name='order of appointment')),
                ('hired_on', models.DateField(blank=True, null=True, verbose_name='hired on')),
                ('dismissed_on', models.DateField(blank=True, null=True, verbose_name='dismissed on')),
                ('external_id', models.CharField(blank=True, max_length=100, verbose_name='external id')),
                ('language', models.CharField(choices=[('ru', 'Russian'), ('en', 'English')], default='ru', max_length=2, verbose_name='language')),
                ('theme', models.CharField(choices=[('auto', 'As in the system'), ('light', 'Light'), ('dark', 'Dark')], default='auto', max_length=5, verbose_name='theme')),
                ('must_change_password', models.BooleanField(default=False)),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('org_unit', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.orgunit', verbose_name='unit')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='3c2637d884047fc800eb8911a7251053cf19c9e2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_bcf41', table='accounts_userevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='AccessEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('username', models.CharField(blank=True, max_length=150)),
                ('kind', models.CharField(choices=[('login', 'Signed in'), ('login_failed', 'Sign-in failed'), ('locked_out', 'Locked out'), ('logout', 'Signed out'), ('refused', "No permission"), ('export', 'Rows exported'), ('import', 'File imported'), ('download', 'File downloaded'), ('password_changed', 'Password changed'), ('sessions_ended', 'Sessions ended'), ('unlocked', 'Unlocked'), ('mfa_changed', 'Second factor changed')], max_length=20)),
                ('target', models.CharField(blank=True, max_length=300)),
                ('rows', models.PositiveIntegerField(blank=True, null=True)),
                ('ip', models.GenericIPAddressField(blank=True, null=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='access_events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'access record',
                'verbose_name_plural': 'access records',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['user', '-at'], name='access_of_user')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c6bdf1d5b84fff1edfaab0faac7fba8956cd63ea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d47d5', table='accounts_accessevent', when='BEFORE')), pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'history is append-only';", hash='d02b3e3a6c686f09422d092bd4e72036106accda', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_b1477', table='accounts_accessevent', when='BEFORE'))],
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='user_email_once', violation_error_message='Another person has this e-mail.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='user_login_once', violation_error_message='Another person has this login.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(models.F('external_id'), condition=models.Q(('external_id', ''), _negated=True), name='user_external_id_once'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('dismissed_on', None), ('is_active', False), _connector='OR'), name='user_dismissed_is_inactive'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('dismissed_on', None), ('hired_on', None), ('dismissed_on__gte', models.F('hired_on')), _connector='OR'), name='user_dismissed_after_hired'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "dismissed_on", "email", "external_id", "first_name", "hired_on", "id", "is_active", "is_demo", "is_staff", "is_superuser", "language", "last_name", "middle_name", "must_change_password", "order_no", "org_unit_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "role", "theme", "username", "version") VALUES (NEW."date_joined", NEW."dismissed_on", NEW."email", NEW."external_id", NEW."first_name", NEW."hired_on", NEW."id", NEW."is_active", NEW."is_demo", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."last_name", NEW."middle_name", NEW."must_change_password", NEW."order_no", NEW."org_unit_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."phone", NEW."position", NEW."role", NEW."theme", NEW."username", NEW."version"); RETURN NULL;', hash='bb4f0917ebd8ccf055c719aac49ef0fb68ea8eea', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."dismissed_on" IS DISTINCT FROM (NEW."dismissed_on") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."hired_on" IS DISTINCT FROM (NEW."hired_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_demo" IS DISTINCT FROM (NEW."is_demo") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."middle_name" IS DISTINCT FROM (NEW."middle_name") OR OLD."must_change_password" IS DISTINCT FROM (NEW."must_change_password") OR OLD."order_no" IS DISTINCT FROM (NEW."order_no") OR OLD."org_unit_id" IS DISTINCT FROM (NEW."org_unit_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."username" IS DISTINCT FROM (NEW."username") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "accounts_userevent" ("date_joined", "dismissed_on", "email", "external_id", "first_name", "hired_on", "id", "is_active", "is_demo", "is_staff", "is_superuser", "language", "last_name", "middle_name", "must_change_password", "order_no", "org_unit_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "role", "theme", "username", "version") VALUES (NEW."date_joined", NEW."dismissed_on", NEW."email", NEW."external_id", NEW."first_name", NEW."hired_on", NEW."id", NEW."is_active", NEW."is_demo", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."last_name", NEW."middle_name", NEW."must_change_password", NEW."order_no", NEW."org_unit_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."phone", NEW."position", NEW."role", NEW."theme", NEW."username", NEW."version"); RETURN NULL;', hash='9ec8e02e80d5719745dd7e9d92b55961526d7852', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "dismissed_on", "email", "external_id", "first_name", "hired_on", "id", "is_active", "is_demo", "is_staff", "is_superuser", "language", "last_name", "middle_name", "must_change_password", "order_no", "org_unit_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "role", "theme", "username", "version") VALUES (OLD."date_joined", OLD."dismissed_on", OLD."email", OLD."external_id", OLD."first_name", OLD."hired_on", OLD."id", OLD."is_active", OLD."is_demo", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."last_name", OLD."middle_name", OLD."must_change_password", OLD."order_no", OLD."org_unit_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."phone", OLD."position", OLD."role", OLD."theme", OLD."username", OLD."version"); RETURN NULL;', hash='f608dcd7782b2e52af9e68b77035d5407af7c25f', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
        ),
    ]
