cards-title = 银行卡
cards-none = 账户还没有绑定银行卡。
cards-none-text = 很快您就可以在这里绑定 Visa 或 MasterCard，用来付款和接收退款。
