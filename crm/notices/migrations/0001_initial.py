import django.db.models.deletion
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
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(blank=True, max_length=254, verbose_name='address')),
                ('channel', models.CharField(choices=[('ui', 'In the product'), ('email', 'E-mail')], max_length=5)),
                ('kind', models.CharField(max_length=60)),
                ('params', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('dedupe_key', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Delivered'), ('dead', 'Given up')], default='waiting', max_length=7)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='to')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='notice_waiting'), models.Index(condition=models.Q(('channel', 'ui')), fields=['user', '-created_at'], name='notice_of_user')],
                'constraints': [models.UniqueConstraint(fields=('user', 'channel', 'dedupe_key'), name='notice_once_per_key'), models.UniqueConstraint(condition=models.Q(('user', None)), fields=('address', 'dedupe_key'), name='notice_once_per_address'), models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('user__isnull', False)), models.Q(('channel', 'email'), ('user', None), models.Q(('address', ''), _negated=True)), _connector='OR'), name='notice_to_a_person_or_an_address'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='notice_sent_has_moment')],
            },
        ),
    ]
