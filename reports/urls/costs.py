"""Addresses of the cost budget, expenses and cost-reduction measures."""

from django.urls import URLPattern, path

from reports.views import budgets, cost_measures, expense_moves, expenses

urlpatterns: list[URLPattern] = [
    path("budget/", budgets.budget, name="budget"),
    path("budgets/draw-up/", budgets.budget_draw_up, name="budget_draw_up"),
    path("budgets/<int:pk>/", budgets.budget_detail, name="budget_detail"),
    path("budgets/<int:pk>/history/", budgets.budget_history, name="budget_history"),
    path("budgets/<int:pk>/cells/", budgets.budget_cells, name="budget_cells"),
    path("budgets/<int:pk>/lines/", budgets.budget_add_lines, name="budget_add_lines"),
    path("budgets/<int:pk>/send/", budgets.budget_send, name="budget_send"),
    path("budgets/<int:pk>/correct/", budgets.budget_correct, name="budget_correct"),
    path("expenses/", expenses.expense_list, name="expense_list"),
    path("expenses/new/", expense_moves.expense_create, name="expense_create"),
    path("expenses/cost/", expense_moves.cost_book, name="cost_book"),
    path("expenses/<int:pk>/", expenses.expense_detail, name="expense_detail"),
    path("expenses/<int:pk>/history/", expenses.expense_history, name="expense_history"),
    path("expenses/<int:pk>/resend/", expense_moves.expense_resend, name="expense_resend"),
    path("expenses/<int:pk>/withdraw/", expense_moves.expense_withdraw, name="expense_withdraw"),
    path("expenses/<int:pk>/pay/", expense_moves.expense_pay, name="expense_pay"),
    path("expenses/<int:pk>/annul/", expense_moves.expense_annul, name="expense_annul"),
    path("clients/<int:pk>/expenses/", expenses.client_expenses, name="client_expenses"),
    path("savings/", cost_measures.saving_list, name="saving_list"),
    path("savings/new/", cost_measures.saving_create, name="saving_create"),
    path("savings/<int:pk>/", cost_measures.saving_detail, name="saving_detail"),
    path("savings/<int:pk>/history/", cost_measures.saving_history, name="saving_history"),
    path("savings/<int:pk>/edit/", cost_measures.saving_edit, name="saving_edit"),
    path("savings/<int:pk>/begin/", cost_measures.saving_begin, name="saving_begin"),
    path("savings/<int:pk>/finish/", cost_measures.saving_finish, name="saving_finish"),
    path("savings/<int:pk>/confirm/", cost_measures.saving_confirm, name="saving_confirm"),
    path("savings/<int:pk>/send-back/", cost_measures.saving_send_back, name="saving_send_back"),
    path("savings/<int:pk>/give-up/", cost_measures.saving_give_up, name="saving_give_up"),
]
