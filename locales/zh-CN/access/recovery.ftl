answers-wrong = 答案不正确。还有 { $left } 次机会。

# The way back in: «Забыли пароль?»
recovery-title = 恢复登录
recovery-lead = 请输入账户绑定的电子邮箱，我们会发送邮件说明后续步骤。
recovery-submit = 恢复
recovery-by-phone = 没有邮箱？通过手机恢复
recovery-remembered = 想起密码了？登录
recovery-phone-title = 通过手机恢复
recovery-phone-lead = 此方式适用于没有绑定电子邮箱的账户。我们会发送短信验证码，然后询问您的安全问题。
recovery-wait = 我们已经发送了多条消息。请查看收件箱和垃圾邮件，或在 { $time } 之后再试。
recovery-mailed-title = 请查看邮箱
recovery-mailed-text = 如果我们有这个邮箱，邮件会在几分钟内送达。里面有一个链接和一个 6 位数字验证码，用其中一个即可，30 分钟内有效。
recovery-mailed-next = 您可以在任何设备上打开链接，也可以在这里输入验证码。
recovery-texted-title = 请查看手机
recovery-texted-text = 如果我们有使用该号码的账户，短信会在几分钟内送达。验证码 5 分钟内有效。
recovery-not-there = 没有收到？请查看垃圾邮件，并检查是否输错。如果没有这样的账户，我们不会发送任何消息。
recovery-again = 更换地址或重新发送邮件
recovery-step-title = 继续恢复登录
recovery-step-text = 您打开了邮件中的链接。按下按钮即可在此浏览器中继续，之后该链接将失效。
recovery-not-you = 如果这不是您本人的操作，请不要按按钮，关闭页面即可：密码不会改变。
recovery-questions-title = 请回答安全问题
recovery-questions-text = 这些问题是您自己选择的。三个答案会一起核对。大小写、空格和标点符号没有区别。
recovery-password-title = 新密码
recovery-password-text = 保存后，您会在所有浏览器中退出登录，需要重新登录。
recovery-password-submit = 更改密码
password-same = 这是您原来的密码，请换一个。
recovery-support-title = 无法在这里恢复登录
recovery-support-why = 手机号已确认，但账户没有绑定电子邮箱，也没有设置安全问题。仅凭短信验证码不能进入账户：这是为了保护您的资金。
recovery-support-what = 请联系客服并提供受理编号。工作人员会据此找到您的申请，并核实账户是您的。
recovery-support-reference = 受理编号
recovery-support-next = 编号保留 30 天。我们的工作人员绝不会询问密码或短信验证码。
recovery-expired-title = 已超时
recovery-expired-text = 链接和验证码的有效时间很短，以免他人使用。您的密码没有改变。请重新获取消息。
recovery-replaced-title = 有更新的消息
recovery-replaced-text = 在这条消息之后，您又申请了一条，或者登录已经恢复。请打开最新的消息，或重新开始。
recovery-used-title = 链接已经用过
recovery-used-text = 已经有人在另一个浏览器中继续操作：请回到那里。如果不是您本人，请重新开始，我们会发送新的链接。
recovery-closed-title = 机会已用完
recovery-closed-text = 答案三次不正确，为防止被猜到，我们停止了这次恢复。您的密码没有改变。请回忆答案后重新开始。
recovery-unknown-title = 链接无效
recovery-unknown-text = 我们没有这个链接，或者它早已过期。请重新开始。
recovery-restart = 重新开始

# Lines of the activity
event-recovery-asked = 已申请找回访问权限
event-password-reset-mail = 已通过邮件找回密码
event-password-reset-sms = 已通过短信找回密码
