"""The address that the gateway reports to."""

from django.urls import path

from derman.channels.sms.receipts import receipt

app_name = "sms"
urlpatterns = [path("receipt/", receipt, name="receipt")]
