# SMS: a code should fit into 70 characters.
sms-registration-code = { $brand }（非蚂蚁集团）：验证码 { $code } 请勿告诉他人。
sms-already-registered = { $brand }（非蚂蚁集团）：此号码已有账户，请登录：{ $url }
sms-unlock = { $brand }（非蚂蚁集团）：有人多次输错密码。是您本人？请在 30 分钟内允许登录：{ $url }
sms-recovery-code = { $brand }（非蚂蚁集团）：恢复验证码 { $code } 请勿告诉任何人。
sms-recovery-by-mail = { $brand }（非蚂蚁集团）：您的账户已绑定邮箱，请通过邮箱恢复登录：{ $url }
sms-password-reset = { $brand }（非蚂蚁集团）：密码已更改。不是您本人？请恢复登录：{ $url }
sms-questions-changed = { $brand }（非蚂蚁集团）：安全问题已更改。如果不是您本人，请登录并更改密码：{ $url }
sms-questions-set = { $brand }（非蚂蚁集团）：安全问题已设置。如果不是您本人，请登录并更改密码：{ $url }

# The shell of mails
mail-number = 消息编号：{ $number }
mail-verify = 核实这封邮件是否由我们发送：
mail-code-label = 验证码：
mail-link-label = 如果按钮无法使用，请将此地址复制到浏览器：
mail-notice = 此邮件由独立网站 { $host } 发送。该网站不属于 Alipay 或蚂蚁集团（Ant Group）。请勿回复此邮件。{ $support ->
    [none] {""}
   *[other] 客服：{ $support }。
 }

mail-confirm-email-subject = 请确认您的电子邮箱
mail-confirm-email-body-1 = 您好！账号 { $number } 填写了此邮箱。要确认，请点击“Confirm”（“确认”），并在打开的页面上再点击一次。
mail-confirm-email-body-2 = 如果您已在其他设备上登录，直接在那里输入验证码即可。链接和验证码 24 小时内有效。
mail-confirm-email-body-3 = 如果这不是您本人的操作，请忽略：未经确认，邮箱不会绑定。
mail-confirm-email-link = Confirm

mail-address-taken-subject = 有人想把您的邮箱加到其他账户
mail-address-taken-body-1 = 您好！有人在本站的另一个账户中填写了此邮箱。一切照旧：邮箱仍属于您，只能登录您的账户。
mail-address-taken-body-2 = 如果是您本人，请登录已绑定此邮箱的账户。如果不是，无需任何操作。
mail-address-taken-link = 登录

mail-unlock-subject = 登录失败次数过多
mail-unlock-body-1 = 您好！有人多次用错误的密码登录您的账户，因此陌生设备的登录已被关闭。
mail-unlock-body-2 = 如果是您本人，请通过链接允许登录。链接 30 分钟内有效，密码不变。
mail-unlock-body-3 = 如果不是，无需任何操作：没有人登录成功。
mail-unlock-link = 允许登录

sms-new-browser = { $brand }（非蚂蚁集团）：新设备登录。非本人请改密码：{ $url }
mail-new-browser-subject = 新设备登录
mail-new-browser-body-1 = 您好！您的账户 { $number } 在一台新设备上登录：{ $moment }，IP 地址 { $ip }。
mail-new-browser-body-2 = 如果是您本人，一切正常。如果不是，请登录并更改密码。
mail-new-browser-link = 修改密码

sms-factor-on = { $brand }（非蚂蚁集团）：已开启双重验证。非本人请改密码：{ $url }
sms-factor-off = { $brand }（非蚂蚁集团）：已关闭双重验证。非本人请改密码：{ $url }
sms-backup-codes-made = { $brand }（非蚂蚁集团）：已生成新的恢复码。非本人请改密码：{ $url }
sms-backup-code-used = { $brand }（非蚂蚁集团）：已使用恢复码。非本人请改密码：{ $url }

mail-factor-on-subject = 已开启双重验证
mail-factor-on-body-1 = 您好！账户 { $number } 已开启双重验证：{ $moment }，IP 地址 { $ip }。今后登录时还需要输入应用中的验证码。
mail-factor-on-body-2 = 如果是您本人操作，一切正常。如果不是，请立即修改密码并检查登录位置。
mail-factor-on-link = 修改密码

mail-factor-off-subject = 已关闭双重验证
mail-factor-off-body-1 = 您好！账户 { $number } 已关闭双重验证：{ $moment }，IP 地址 { $ip }。现在只需密码即可登录。
mail-factor-off-body-2 = 如果是您本人操作，一切正常。如果不是，请立即修改密码，结束陌生的登录，并重新开启双重验证。
mail-factor-off-link = 修改密码

mail-backup-codes-made-subject = 已生成新的恢复码
mail-backup-codes-made-body-1 = 您好！账户 { $number } 已生成新的恢复码：{ $moment }，IP 地址 { $ip }。之前的恢复码已失效。
mail-backup-codes-made-body-2 = 如果是您本人操作，一切正常。如果不是，请立即修改密码并结束陌生的登录。
mail-backup-codes-made-link = 修改密码

mail-backup-code-used-subject = 已使用恢复码
mail-backup-code-used-body-1 = 您好！账户 { $number } 使用了一个恢复码：{ $moment }，IP 地址 { $ip }。
mail-backup-code-used-body-2 = { $left ->
    [0] 没有未使用的恢复码了。请在安全页面获取新的恢复码。
   *[other] 还剩 { $left } 个未使用的恢复码。
  }
mail-backup-code-used-body-3 = 如果是您本人操作，一切正常。如果不是，请立即修改密码并获取新的恢复码。
mail-backup-code-used-link = 修改密码

# Changes of access: SMS to the phone, and what they are called in the list of messages
sms-registration-code-subject = 注册验证码
sms-already-registered-subject = 有人再次用此号码注册
sms-phone-code-subject = 手机号确认验证码
sms-phone-taken-subject = 有人想把此号码加到其他账户
sms-recovery-code-subject = 找回账户的验证码
sms-recovery-by-mail-subject = 请通过电子邮件找回账户
sms-phone-code = { $brand }（非蚂蚁集团）：更换手机号的验证码 { $code } 请勿告诉任何人。
sms-phone-taken = { $brand }（非蚂蚁集团）：有人在其他账户中填写了您的号码。您的账户没有变化。登录：{ $url }
sms-email-added = { $brand }（非蚂蚁集团）：账户已添加邮箱 { $value }。如非本人操作，请更改密码：{ $url }
sms-email-changed = { $brand }（非蚂蚁集团）：账户邮箱已改为 { $value }。如非本人操作，请更改密码：{ $url }
sms-email-removed = { $brand }（非蚂蚁集团）：邮箱 { $value } 已从账户删除。如非本人操作，请更改密码：{ $url }
sms-phone-changed = { $brand }（非蚂蚁集团）：账户手机号已改为 { $value }。如非本人操作，请用邮箱登录并更改密码：{ $url }
sms-phone-removed = { $brand }（非蚂蚁集团）：手机号 { $value } 已从账户删除。如非本人操作，请更改密码：{ $url }
sms-password-changed = { $brand }（非蚂蚁集团）：密码已更改。如非本人操作，请找回账户：{ $url }
sms-sms-preferences-changed = { $brand }（非蚂蚁集团）：短信设置已更改。如非本人操作，请更改密码：{ $url }

mail-email-added-subject = 账户已添加邮箱
mail-email-added-body-1 = 您好！账户 { $number } 添加了邮箱 { $value }：{ $moment }，IP 地址 { $ip }。今后邮件会发到那里，也可用它登录和找回密码。
mail-email-added-body-2 = 如果是您本人，一切正常。如果不是，请立即登录并更改密码；如果无法登录，请找回账户。
mail-email-added-link = 修改密码

mail-email-changed-subject = 账户邮箱已更换
mail-email-changed-body-1 = 您好！账户 { $number } 确认了新邮箱 { $value }：{ $moment }，IP 地址 { $ip }。今后邮件会发到那里。
mail-email-changed-body-2 = 如果是您本人，一切正常。如果不是，请立即登录并更改密码；如果无法登录，请找回账户。
mail-email-changed-link = 修改密码

mail-email-removed-subject = 电子邮箱已删除
mail-email-removed-body-1 = 您好！邮箱 { $value } 已从账户 { $number } 删除：{ $moment }，IP 地址 { $ip }。今后不再向它发送邮件，也无法用它登录。
mail-email-removed-body-2 = 如果是您本人，一切正常。如果不是，请立即登录并更改密码；如果无法登录，请找回账户。
mail-email-removed-link = 修改密码

mail-phone-changed-subject = 手机号已更换
mail-phone-changed-body-1 = 您好！账户 { $number } 确认了新手机号 { $value }：{ $moment }，IP 地址 { $ip }。今后短信会发到那里。
mail-phone-changed-body-2 = 如果是您本人，一切正常。如果不是，请立即登录并更改密码；如果无法登录，请找回账户。
mail-phone-changed-link = 修改密码

mail-phone-removed-subject = 手机号已删除
mail-phone-removed-body-1 = 您好！手机号 { $value } 已从账户 { $number } 删除：{ $moment }，IP 地址 { $ip }。今后不再向它发送短信，也无法用它登录。
mail-phone-removed-body-2 = 如果是您本人，一切正常。如果不是，请立即登录并更改密码；如果无法登录，请找回账户。
mail-phone-removed-link = 修改密码

mail-password-changed-subject = 密码已更改
mail-password-changed-body-1 = 您好！账户 { $number } 的密码已更改：{ $moment }，IP 地址 { $ip }。其他浏览器中的登录都已结束。
mail-password-changed-body-2 = 如果是您本人，一切正常。如果不是，请立即通过链接找回账户。
mail-password-changed-link = 恢复登录

mail-sms-preferences-changed-subject = 短信设置已更改
mail-sms-preferences-changed-body-1 = 您好！账户 { $number } 的短信通知设置已更改：{ $moment }，IP 地址 { $ip }。邮件和记录始终保留。
mail-sms-preferences-changed-body-2 = 如果是您本人，一切正常。如果不是，请立即登录并更改密码；如果无法登录，请找回账户。
mail-sms-preferences-changed-link = 修改密码

mail-recovery-subject = 恢复登录
mail-recovery-body-1 = 您好！有人申请恢复账号 { $number } 的登录。请求来自 IP 地址 { $ip }。
mail-recovery-body-2 = 如果是您本人，请打开链接并按下页面上的按钮，或在您申请恢复的地方输入验证码。链接和验证码 30 分钟内有效，只能使用一次。
mail-recovery-body-3 = 如果不是，请忽略：密码不会改变。请勿转发此邮件，也不要将验证码告诉任何人。
mail-recovery-link = 恢复登录

mail-password-reset-subject = 密码已更改
mail-password-reset-body-1 = 您好！账号 { $number } 的密码已重新设置：{ $moment }，IP 地址 { $ip }。账户已在所有浏览器中退出，只能用新密码登录。
mail-password-reset-body-2 = 如果是您本人，无需任何操作。如果不是，请立即通过链接恢复登录，并检查还有谁能阅读您的邮件。
mail-password-reset-link = 恢复登录

mail-invite-subject = 您的账户已准备好
mail-invite-body-1 = 您好！我们为您开立了账号 { $number }：您可以在其中查看购物款项的去向。要开始使用，请点击“Confirm”（“确认”），并在打开的页面上再点击一次。
mail-invite-body-2 = 在另一台设备上阅读？请打开 { $page } 并输入此邮箱和验证码。链接和验证码 24 小时内有效。
mail-invite-body-3 = 如果您不需要账户，请忽略：没有您的同意，账户不会启用。
mail-invite-link = Confirm

mail-already-invited-subject = 您已经有账户了
mail-already-invited-body-1 = 您好！有人用此邮箱申请开立新账户，但您已经有账户：{ $number }。无需再开，购物记录会显示在这个账户中。
mail-already-invited-body-2 = 请照常登录。如果忘记密码，请在登录页面点击“忘记密码？”。
mail-already-invited-link = 登录

mail-questions-changed-subject = 安全问题已更改
mail-questions-changed-body-1 = 您好！账号 { $number } 设置了新的安全问题：{ $moment }，IP 地址 { $ip }。
mail-questions-changed-body-2 = 如果是您本人，一切正常。如果不是，请登录并更改密码和安全问题。
mail-questions-changed-link = 修改密码
mail-questions-set-subject = 安全问题已设置
mail-questions-set-body-1 = 您好！账号 { $number } 设置了安全问题：{ $moment }，IP 地址 { $ip }。忘记密码时可以用它们找回。
mail-questions-set-body-2 = 如果是您本人，一切正常。如果不是，请登录并更改密码和安全问题。
mail-questions-set-link = 修改密码

# 银行卡
sms-card-charged = { $brand }（非蚂蚁集团）：银行卡 { $card }：请输入扣款金额，24 小时内退还。 { $url }
mail-card-charged-subject = 请输入扣款金额以绑定银行卡
mail-card-charged-body-1 = 您好！账户 { $number } 添加了银行卡 { $card }。为验证此卡，我们扣取了一笔小额款项。
mail-card-charged-body-2 = 请在银行的消息中找到金额，并在银行卡页面上输入。无论您是否输入，我们最迟于 { $by }退还。
mail-card-charged-body-3 = 如果不是您添加的，请登录解绑此卡并修改密码。
mail-card-charged-link = 输入金额
sms-card-confirmed = { $brand }（非蚂蚁集团）：银行卡 { $card } 已确认。不是您本人？{ $url }
mail-card-confirmed-subject = 银行卡已确认
mail-card-confirmed-body-1 = 您好！账户 { $number } 的银行卡 { $card } 已确认，可用于支付。验证金额正在退还。
mail-card-confirmed-body-2 = 如果不是您本人，请登录解绑此卡并修改密码。
mail-card-confirmed-link = 查看银行卡
sms-card-failed = { $brand }（非蚂蚁集团）：银行卡 { $card } 未绑定。详情：{ $url }
mail-card-failed-subject = 银行卡未绑定
mail-card-failed-body-1 = 您好！银行卡 { $card } 未能绑定到账户 { $number }。{ $reason }
mail-card-failed-body-2 = 如果已经扣款，我们正在退还：银行卡页面会显示钱在哪里。您可以绑定其他银行卡。
mail-card-failed-link = 我的钱在哪里
card-verification-sum = 验证金额
sms-card-returned = { $brand }（非蚂蚁集团）：{ $sum } 已退回银行卡 { $card }。详情：{ $url }
mail-card-returned-subject = 验证金额已退还
mail-card-returned-body-1 = 您好！我们已把 { $sum } 退回银行卡 { $card }（账户 { $number }）。
mail-card-returned-body-2 = 银行会立即或在几天内显示退款，具体取决于银行。
mail-card-returned-link = 查看银行卡
sms-card-dropped = { $brand }（非蚂蚁集团）：添加银行卡 { $card } 已取消。非本人操作？请修改密码：{ $url }
mail-card-dropped-subject = 已取消添加银行卡
mail-card-dropped-body-1 = 您好！向账户 { $number } 添加银行卡 { $card } 的操作已取消。
mail-card-dropped-body-2 = 如果验证金额已经扣除，将退回此卡。如果不是您本人操作，请登录并修改密码。
mail-card-dropped-link = 修改密码

sms-card-unbound = { $brand }（非蚂蚁集团）：银行卡 { $card } 已解绑。非本人请改密码：{ $url }
mail-card-unbound-subject = 银行卡已解绑
mail-card-unbound-body-1 = 您好！银行卡 { $card } 已从账户 { $number } 解绑。
mail-card-unbound-body-2 = 如果不是您本人，请登录并修改密码。尚未退还的验证金额也会退回已解绑的卡。
mail-card-unbound-link = 修改密码
sms-card-expiring = { $brand }（非蚂蚁集团）：银行卡 { $card } 有效期至 { $by }（含）。请绑定新卡：{ $url }
mail-card-expiring-subject = 银行卡即将过期
mail-card-expiring-body-1 = 您好！账户 { $number } 的银行卡 { $card } 有效期至 { $by }（含当月）。之后将不能用于支付。
mail-card-expiring-body-2 = 银行发放新卡后，请在“银行卡”中绑定。
mail-card-expiring-link = 查看银行卡
mail-money-stuck-subject = 款项停滞：需要操作员处理
mail-money-stuck-body-1 = 银行卡 { $card }（账户 { $number }）的验证扣款 { $sum } 自 { $since } 起未能完成。已向持卡人承诺在 { $by }前退款。
mail-money-stuck-body-2 = 网关的答复：{ $reason }。门户以同一操作号不断重试，不会重复扣款或退款。
mail-money-stuck-body-3 = 命令 kabinet cards stuck 显示所有等待操作员处理的款项。
mail-money-stuck-link = 打开门户
message-state-queued = 等待发送
message-state-again = 等待发送：首次未成功，正在重试
message-state-sending = 正在发送
message-state-sent = 已发送
message-state-delivered = 已送达
message-state-undelivered = 未送达：手机未接收
message-state-late = 未送达：未能及时发出，再发已无意义
message-state-address = 未送达：无法向此邮箱或号码发送
message-state-refused = 未送达：邮件服务器或运营商拒收。请在个人资料中核对邮箱或号码
message-state-unreachable = 未送达：邮件服务器或运营商没有响应
message-state-broken = 未送达：我们这边出了错误
verify-lead = 我们的每封邮件底部都有编号。输入编号，我们会告诉您是否发送过这条消息，但不会显示收件人。
verify-label = 消息编号
verify-hint = 例如 7Q3KM-0F9TX。大小写、空格和连字符均不影响
verify-submit = 核实
verify-ours = 消息 { $number } 是我们发送的
verify-about = 内容
verify-channel = 方式
verify-mail = 邮件
verify-sms = 短信
verify-day = 日期
verify-compare = 请与您收到的消息对照：编号很容易从别人的邮件中复制。如果内容不同、日期不同，或者索要验证码、密码、银行卡信息，就不是我们的邮件。
verify-unknown = 我们没有编号为 { $number } 的消息
verify-unknown-text = 请检查是否输错。我们只保存 90 天内的消息，更早的无法核实。如果编号无误且邮件是最近收到的，那就不是我们发送的。
verify-do-nothing = 不要打开链接和附件，也不要回复。
verify-do-password = 如果您已经在别处输入过密码，请在个人资料中更改密码。
verify-do-delete = 将邮件标记为垃圾邮件并删除。
verify-links = 我们邮件中的链接只会以 { $site } 开头
verify-empty = 请输入消息编号。
verify-format = 编号由十个拉丁字母和数字组成，例如 7Q3KM-0F9TX。请检查您的输入。
