from django.db import migrations, models
from crm.tables_at_once import TablesAtOnce


class Migration(TablesAtOnce):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('count', models.PositiveIntegerField()),
                ('until', models.DateTimeField()),
            ],
        ),
    ]
