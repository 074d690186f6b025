"""Variable pay: the sheets of a month, one sheet, transfers to payroll, schemes and wages."""

from django.urls import URLPattern, path

from reports.views import incentives, payroll, schemes

urlpatterns: list[URLPattern] = [
    path("incentives/", incentives.incentive_list, name="incentive_list"),
    path("incentives/<int:pk>/", incentives.incentive_detail, name="incentive_detail"),
    path("incentives/<int:pk>/history/", incentives.incentive_history, name="incentive_history"),
    path("incentives/<int:pk>/add/", incentives.incentive_add, name="incentive_add"),
    path("incentives/<int:pk>/decide/", incentives.incentive_decide, name="incentive_decide"),
    path("incentives/<int:pk>/recount/", incentives.incentive_recount, name="incentive_recount"),
    path("incentives/<int:pk>/agree/", incentives.incentive_agree, name="incentive_agree"),
    path("incentives/<int:pk>/object/", incentives.incentive_object, name="incentive_object"),
    path(
        "incentive-decisions/<int:pk>/withdraw/",
        incentives.incentive_withdraw,
        name="incentive_withdraw",
    ),
    path("payroll/", payroll.payroll_list, name="payroll_list"),
    path("payroll/send/", payroll.payroll_send, name="payroll_send"),
    path("payroll/<int:pk>/file/", payroll.payroll_file, name="payroll_file"),
    path("motivation/", schemes.scheme_list, name="scheme_list"),
    path("motivation/new/", schemes.scheme_set, name="scheme_set"),
    path("motivation/wage/", schemes.wage_set, name="wage_set"),
]
