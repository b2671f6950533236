from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_initial")]
    operations = [migrations.DeleteModel("DealMetrics")]
